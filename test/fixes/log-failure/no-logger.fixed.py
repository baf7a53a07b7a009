import logging
import urllib.request
from concurrent.futures import Executor


def fetch(url):
	return urllib.request.urlopen(url, timeout=5).read()


def _log_failure(future):
	if not future.cancelled() and future.exception() is not None:
		logging.getLogger(__name__).error("A job failed", exc_info=future.exception())


@staticmethod
def mirror(pool: Executor, urls):
	for url in urls: pool.submit(fetch, url).add_done_callback(_log_failure)
