# Futures that somebody keeps, a name that is taken, and a job of the module itself.
import urllib.request
from concurrent.futures import Executor, ThreadPoolExecutor, wait

_log_failure = None


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


def mirror(pool: Executor, url):
    pool.submit(fetch, url)


def mirror_and_wait(urls):
    with ThreadPoolExecutor() as pool:
        futures = []
        for url in urls:
            futures.append(pool.submit(fetch, url))
        wait(futures)
