"""Files on disk, and the sweeper that removes those nobody asked for in a while."""

import os
import threading
import time

KEEP_SECONDS = 3600


class Storage:
    def __init__(self, root):
        self.catalog = None
        self._root = root
        self._lock = threading.Lock()
        self._pinned = {}

    def read(self, path):
        with open(os.path.join(self._root, path), "rb") as file:
            return file.read()

    def pin(self, path):
        with self._lock:
            self._pinned[path] = time.time() + KEEP_SECONDS

    def sweep_forever(self):
        while True:
            time.sleep(60)
            self.sweep()

    def sweep(self):
        now = time.time()
        with self._lock:
            expired = [path for path, until in self._pinned.items() if until < now]
            for path in expired:
                del self._pinned[path]
                self._remove(path)

    def _remove(self, path):
        try:
            os.remove(os.path.join(self._root, path))
        except FileNotFoundError:
            pass
        self.catalog.forget(path)
