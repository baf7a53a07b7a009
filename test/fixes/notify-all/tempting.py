# Whoever does not test again must not be woken for nothing.
import threading


class Latch:
    def __init__(self):
        self._condition = threading.Condition()
        self._done = False
        self._items = []

    def finish(self):
        with self._condition:
            self._done = True
            self._condition.notify()

    def await_done(self):
        with self._condition:
            if not self._done:
                self._condition.wait()
            self._items.pop()

    def await_done_for(self, seconds):
        with self._condition:
            return self._condition.wait_for(lambda: self._done, seconds)
