"""Squares numbers in parallel."""
from multiprocessing import Pool


def square(number):
    return number * number


NUMBERS = range(10)

# The squares come in order.
with Pool() as pool:
    print(pool.map(square, NUMBERS))
