# Nobody waits for the jobs at the end of a block here, or the end of it is not reached.
import urllib.request
from concurrent.futures import Executor, ThreadPoolExecutor


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


def mirror(pool: Executor, urls):
    for url in urls:
        pool.submit(fetch, url)


def mirror_some(urls):
    with ThreadPoolExecutor(4) as pool:
        for url in urls:
            if url.startswith("https"):
                pool.submit(fetch, url)


def mirror_first(urls):
    with ThreadPoolExecutor(4) as pool:
        pool.submit(fetch, urls[0])
        return len(urls)


def in_a_line(urls):
    with ThreadPoolExecutor(4) as pool:
        for url in urls: pool.submit(fetch, url)
