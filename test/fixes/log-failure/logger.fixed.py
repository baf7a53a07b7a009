"""Mirrors pages."""
import logging
import urllib.request
from multiprocessing.pool import ThreadPool

log = logging.getLogger(__name__)


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


def _log_failure(future):
    if not future.cancelled() and future.exception() is not None:
        log.error("A job failed", exc_info=future.exception())


# Walks through all pages.
class Walker:
    def __init__(self, session, executor):
        self._session = session
        self._executor = executor

    def walk(self, node):
        for child in self._session.children(node):
            self._executor.submit(self.walk, child).add_done_callback(_log_failure)  # and on
        if node.last:
            self._executor.submit(
                fetch,
                node.url,
            ).add_done_callback(_log_failure)
        self._session.download(node)


def _log_error(error):
    log.error("A job failed", exc_info=error)


def convert(pool: ThreadPool, urls, done):
    for url in urls:
        pool.apply_async(fetch, (url,), callback=done, error_callback=_log_error)
    pool.close()
    pool.join()
