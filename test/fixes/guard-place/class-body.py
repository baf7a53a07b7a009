import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    hits = {}

    def do_GET(self):
        self.hits[self.path] = self.hits.get(self.path, 0) + 1
        self.send_response(200)
        self.end_headers()


ThreadingHTTPServer(("", 8000), Handler).serve_forever()
