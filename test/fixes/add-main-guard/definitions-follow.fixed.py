"""Counts words, in the middle of definitions."""
import sys
from multiprocessing import Pool

LIMIT = 3


def count(text):
    return len([word for word in text.split() if len(word) > MINIMUM])


MINIMUM = 2


def show(total):
    print(f"{total} words", file=sys.stderr)


class Unused:
    limit = LIMIT


if __name__ == "__main__":
    # Four workers are enough.
    pool = Pool(4)  # made early
    TEXTS = ["a bb ccc", '''one
two''']
    show(sum(pool.map(count, TEXTS)))

    pool.close()
