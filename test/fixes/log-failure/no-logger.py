import urllib.request
from concurrent.futures import Executor


def fetch(url):
	return urllib.request.urlopen(url, timeout=5).read()


@staticmethod
def mirror(pool: Executor, urls):
	for url in urls: pool.submit(fetch, url)
