# What they take from around them has no name in the module: variables, self, defaults; or the name is taken.
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def parse(n):
    return float(n)


class Scaler:
    def __init__(self, factor):
        self.factor = factor

    def scaled(self, numbers):
        with Pool(4) as pool:
            return pool.map(lambda n: n * self.factor, numbers)


def doubled(numbers):
    factor = len(numbers)
    with Pool(4) as pool:
        return pool.map(lambda n: n * factor, numbers)


def each(numbers):
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(lambda: number + 1) for number in numbers]
        return [future.result() for future in futures]


def defaults(numbers):
    with Pool(4) as pool:
        return pool.map(lambda n, by=len(numbers): n * by, numbers)


def counted(numbers):
    count = 0

    def tally(n):
        nonlocal count
        count += n
        return count

    with Pool(4) as pool:
        return pool.map(tally, numbers)


def parsed(numbers):
    def parse(n):
        return int(n)

    with Pool() as pool:
        return pool.map(parse, numbers)


def several(numbers, factor):
    def scale(n):
        return n * factor

    first = scale(1)
    with Pool() as pool:
        return first, pool.map(scale, numbers)
