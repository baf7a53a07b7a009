# What the wrapper gives may be None, and what is called a pool may give anything.
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


class Workers:
    def __init__(self):
        self._open = True
        self._executor = ThreadPoolExecutor(4)

    def submit(self, job, *args):
        if self._open:
            return self._executor.submit(job, *args)

    def close(self):
        self._open = False
        self._executor.shutdown()


class Mirror:
    def __init__(self, workers: Workers, page_pool):
        self._workers = workers
        self._page_pool = page_pool

    def all(self, urls):
        for url in urls:
            self._workers.submit(fetch, url)

    def one(self, url):
        self._page_pool.submit(fetch, url)
