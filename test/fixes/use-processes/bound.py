# A method takes its object along, and threads may be named: neither goes over to processes as it is.
from concurrent.futures import ThreadPoolExecutor


def square_sums(limit):
    found = []
    for first in range(limit):
        for second in range(first):
            found.append(first * first + second * second)
    return found


class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def _times_row(self, row):
        result = [0] * len(self.rows)
        for i in range(len(self.rows)):
            for j in range(len(row)):
                result[i] += row[j] * self.rows[j][i]
        return result

    def squared(self):
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self._times_row, self.rows))


def named(limits):
    with ThreadPoolExecutor(8, thread_name_prefix="sums") as pool:
        return list(pool.map(square_sums, limits))
