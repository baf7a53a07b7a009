"""The test calls something, or more stands beside the with statement, or an else does something where the test fails."""
import threading

from drivers import Loop


class Loops:
    def __init__(self):
        self._lock = threading.Lock()
        self._first = None
        self._second = None

    def first(self):
        if self._first is None:
            with self._lock:
                self._first = Loop()
        else:
            self._first.poke()
        return self._first

    def second(self):
        if self._second is None:
            print("a new one")
            with self._lock:
                self._second = Loop()
        return self._second

    def close(self):
        with self._lock:
            self._first = None
            self._second = None


LOOPS = Loops()


def work():
    LOOPS.first()
    LOOPS.second()
    LOOPS.close()


def main():
    for _ in range(4):
        threading.Thread(target=work).start()
