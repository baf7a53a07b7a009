import asyncio
import threading


class Bounded:
    def __init__(self, size):
        self._items = []
        self._size = size
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            while len(self._items) >= self._size:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify()  # there is one more

    def get(self):
        with self._changed:
            self._changed.wait_for(lambda: self._items)
            item = self._items.pop(0)
            self._changed.notify(
                1,
            )
            return item


class Latch:
    def __init__(self):
        self._condition = threading.Condition()
        self._done = False

    def finish(self):
        with self._condition:
            self._done = True
            self._condition.notify(n=1)

    def await_done(self):
        with self._condition:
            while not self._done:
                self._condition.wait()

    def await_done_for(self, seconds):
        with self._condition:
            return self._condition.wait_for(lambda: self._done, seconds)
