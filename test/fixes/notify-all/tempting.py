# Whoever does not test again must not be woken for nothing.
import asyncio
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


class Jobs:
    def __init__(self):
        self._changed = threading.Condition()
        self._closed = False
        self._jobs = []

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify()

    def work(self, handle):
        with self._changed:
            while not self._closed:
                self._changed.wait()
                handle(self._jobs.pop())

    def work_too(self, handle):
        with self._changed:
            while not self._closed:
                self._changed.wait()


class Rounds:
    def __init__(self):
        self._changed = threading.Condition()
        self._done = False

    def finish(self):
        with self._changed:
            self._done = True
            self._changed.notify()

    def three_rounds(self):
        with self._changed:
            for _ in range(3):
                self._changed.wait()
            return self._done

    def for_ever(self):
        with self._changed:
            while True:
                self._changed.wait()
                if self._done:
                    return


class Timed:
    def __init__(self):
        self._changed = asyncio.Condition()
        self._done = False

    async def finish(self):
        async with self._changed:
            self._done = True
            self._changed.notify()

    async def one(self):
        async with self._changed:
            while not self._done:
                await self._changed.wait()
                print("woken")

    async def other(self):
        async with self._changed:
            while not self._done:
                await self._changed.wait()
