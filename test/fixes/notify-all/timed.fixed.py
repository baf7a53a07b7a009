import asyncio
import threading
from time import monotonic


class Result:
    def __init__(self):
        self.changed = threading.Condition(threading.Lock())
        self.ready = False

    def set(self):
        with self.changed:
            self.ready = True
            self.changed.notify_all(); print("set")

    def get(self, seconds):
        end = monotonic() + seconds
        with self.changed:
            while True:
                if self.ready:
                    return "got"
                if monotonic() >= end:
                    break
                self.changed.wait(seconds)
            return "nothing"

    def get_or_raise(self):
        with self.changed:
            while not self.ready:
                if not self.changed.wait(0.01):
                    raise TimeoutError("too late")
            return "got"


class Gate:
    def __init__(self):
        self.changed = asyncio.Condition()
        self.opened = False

    async def open(self):
        async with self.changed:
            self.opened = True
            self.changed.notify_all()

    async def pass_through(self):
        async with self.changed:
            while not self.opened:
                await self.changed.wait()

    async def pass_too(self):
        async with self.changed:
            await self.changed.wait_for(lambda: self.opened)
