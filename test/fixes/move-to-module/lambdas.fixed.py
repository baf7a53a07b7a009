import functools
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def _squares_job(n):
    return n * n


# Squares them.
@staticmethod
def squares(numbers):
    with Pool(4) as pool:
        return pool.map(_squares_job, numbers)  # each


def _total_job(scale, *rest):
    return sum(rest) * scale


class Jobs:
	def __init__(self, size):
		self._pool = ProcessPoolExecutor(size)

	def total(self, *, rows, scale: int = 1):
		"""All rows."""
		return self._pool.submit(
			functools.partial(_total_job, scale),
			*rows,
		).result()
