import threading
from concurrent.futures import ThreadPoolExecutor


class BoundedPool:
    def __init__(self, size):
        self._pool = ThreadPoolExecutor(size)
        self._permits = threading.BoundedSemaphore(size * 2)

    def close(self):
        self._pool.shutdown()

    def submit(self, job):
        self._permits.acquire(); future = self._pool.submit(job)
        future.add_done_callback(lambda _: self._permits.release())
        return future

    def submit_soon(self, job):
        taken = self._permits.acquire(timeout=1)
        future = self._pool.submit(job)
        if taken:
            future.add_done_callback(lambda _: self._permits.release())
        return future
