from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.pool import ThreadPool


class Sender:
    def __init__(self, connect):
        self._connection = connect()
        self._executor = ThreadPoolExecutor(max_workers=4)

    def send(self, message):
        return self._executor.submit(self._connection.send, message).result()

    def close(self):
        """Ends it."""
        if self._connection:
            self._connection.close()  # first

    # Whoever uses it in a with statement.
    def __exit__(self, *exc):
        self.close()


class Worker:
	def __init__(self):
		self._workers = None

	def __enter__(self):
		self._workers = ProcessPoolExecutor(
			max_workers=2,
		)
		return self

	def run(self, job):
		return self._workers.submit(job).result()

	def __exit__(self, *exc):
		pass


class Scanner:
    def __init__(self, paths):
        self.paths = paths
        self._pool = ThreadPool(4)

    def scan(self, check):
        return self._pool.map(check, self.paths)

    def stop(self):
        self.paths = []
