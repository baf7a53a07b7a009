"""Starts a pool of processes while the module is imported."""

import multiprocessing


def square(number):
    return number * number


pool = multiprocessing.Pool(4)
print(pool.map(square, range(10)))
