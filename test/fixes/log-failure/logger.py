"""Mirrors pages."""
import logging
import urllib.request
from multiprocessing.pool import ThreadPool

log = logging.getLogger(__name__)


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


# Walks through all pages.
class Walker:
    def __init__(self, session, executor):
        self._session = session
        self._executor = executor

    def walk(self, node):
        for child in self._session.children(node):
            self._executor.submit(self.walk, child)  # and on
        if node.last:
            self._executor.submit(
                fetch,
                node.url,
            )
        self._session.download(node)


def convert(pool: ThreadPool, urls, done):
    for url in urls:
        pool.apply_async(fetch, (url,), callback=done)
    pool.close()
    pool.join()
