# Meanwhile nobody else could have the lock; and what runs later is no part of the coroutine.
import asyncio
import threading
import time


class Meter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    async def step(self):
        with self.lock:
            time.sleep(0.2)
            self.value += 1

    async def later(self, loop: asyncio.AbstractEventLoop):
        loop.call_soon(lambda: time.sleep(1))
        return sum(time.sleep(0.1) or 1 for _ in range(3))
