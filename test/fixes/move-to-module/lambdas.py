from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


# Squares them.
@staticmethod
def squares(numbers):
    with Pool(4) as pool:
        return pool.map(lambda n: n * n, numbers)  # each


class Jobs:
	def __init__(self, size):
		self._pool = ProcessPoolExecutor(size)

	def total(self, *, rows, scale: int = 1):
		"""All rows."""
		return self._pool.submit(
			lambda *rest: sum(rest) * scale,
			*rows,
		).result()
