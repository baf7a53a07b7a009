import functools as ft
from multiprocessing import Pool, get_context

BASE = 2


# How each is scaled.
def scale(factor, n: int) -> int:
    """Scales."""
    text = """of several
lines"""

    return n * factor * BASE + len(text)


def scaled(numbers, factor):
    with Pool(4) as pool:
        return pool.map(ft.partial(scale, factor), numbers)


def parse(n):
    return int(n)


def parsed(numbers):
    print(parse("1"))
    with Pool() as pool:
        return pool.map(parse, numbers) + list(map(parse, numbers))


def begin(path):
    if path:
        context = get_context("spawn")

        def read():
            return ft.reduce(max, open(path))

        process = context.Process(target=read)
        process.start()
        process.join()


def work(n): return n + 1


def run(numbers):
    with Pool() as pool:
        return pool.map(work, numbers)
