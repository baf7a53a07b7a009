import threading
from concurrent.futures import ThreadPoolExecutor


class BoundedPool:
    def __init__(self, size):
        self._pool = ThreadPoolExecutor(size)
        self._permits = threading.BoundedSemaphore(size * 2)

    def close(self):
        self._pool.shutdown()

    def submit(self, job, *args):
        self._permits.acquire()  # given back when it is done
        try:
            # The job runs later.
            future = self._pool.submit(
                job,
                *args,
            )
        except BaseException:
            self._permits.release()
            raise
        future.add_done_callback(lambda _: self._permits.release())
        return future


class Transaction:
	def __init__(self, connection):
		self._connection = connection
		self._lock = threading.RLock()

	def __enter__(self):
		self._lock.acquire()
		try:
			self._connection.execute("BEGIN")
		except BaseException:
			self._lock.release()
			raise
		return self

	def __exit__(self, kind, value, trace):
		try:
			self._connection.execute("COMMIT")
		finally:
			self._lock.release()
