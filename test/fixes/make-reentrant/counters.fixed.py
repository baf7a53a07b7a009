import multiprocessing
import threading
from threading import RLock, Thread  # the usual


class Counter:
    def __init__(self):
        self._lock = threading.RLock()  # guards the number
        self._number = 0

    @property
    def number(self):
        with self._lock:
            return self._number

    def add(self, amount):
        with self._lock:
            self._number = self.number + amount


class Table:
    lock: RLock = RLock()
    rows = {}

    @classmethod
    def size(cls):
        with cls.lock:
            return len(cls.rows)

    @classmethod
    def put(cls, name, row):
        with cls.lock:
            if cls.size() < 100:
                cls.rows[name] = row


whole = multiprocessing.RLock()


def inner():
    whole.acquire()
    try:
        print("inner")
    finally:
        whole.release()


def outer():
    with whole:
        inner()


def main():
    counter = Counter()
    jobs = [Thread(target=counter.add, args=(1,)) for _ in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
