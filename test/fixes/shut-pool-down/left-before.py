# Nothing can stand behind what returns, and what is not an executor is not shut down like one.
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool


def texts(urls, get):
    executor = ThreadPoolExecutor(8)
    return dict(zip(urls, executor.map(get, urls), strict=bool(urls)))


def texts_if_any(urls, get):
    executor = ThreadPoolExecutor(8)
    for url in urls:
        if url:
            return executor.submit(get, url).result(timeout=3)
    return None


def in_threads(urls, get):
    pool = ThreadPool(8)
    replies = [pool.apply_async(get, (url,)) for url in urls]
    return [reply.get(5) for reply in replies]
