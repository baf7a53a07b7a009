"""Counts words, in the middle of definitions."""
import sys
from multiprocessing import Pool

LIMIT = 3


def count(text):
    return len([word for word in text.split() if len(word) > MINIMUM])


# Four workers are enough.
pool = Pool(4)  # made early

MINIMUM = 2
TEXTS = ["a bb ccc", '''one
two''']


def show(total):
    print(f"{total} words", file=sys.stderr)


show(sum(pool.map(count, TEXTS)))

pool.close()


class Unused:
    limit = LIMIT
