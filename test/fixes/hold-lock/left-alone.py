"""Where the lock cannot simply be held: a slow call in the statement, two statements on one line, a lambda, a caller that has it."""
import threading
import time


class Rates:
    def __init__(self):
        self._lock = threading.Lock()
        self._seen = 0

    def report(self, amount):
        with self._lock:
            self._seen += amount

    def correct(self, amount):
        with self._lock:
            self._seen -= amount

    def slow(self):
        self._seen += time.sleep(1) or 1


class Joined(Rates):
    def both(self, amount):
        amount += 1; self._seen += amount


RATES, JOINED = Rates(), Joined()


def work():
    RATES.report(1)
    RATES.correct(1)
    RATES.slow()
    JOINED.report(1)
    JOINED.both(1)


def main():
    for _ in range(4):
        threading.Thread(target=work).start()
