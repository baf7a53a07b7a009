# Plain functions take it too, or it is taken in another way, or mentioned elsewhere.
import asyncio
import threading


class Sink:
    def __init__(self, stream):
        self.stream = stream
        self._lock = threading.Lock()
        self._other = threading.Lock()
        self._told = threading.Lock()
        self._inner = threading.RLock()

    async def write(self, message):
        with self._lock:
            await self.stream.write(message)
        with self._other:
            await self.stream.flush()
        with self._told:
            await asyncio.sleep(1)
        with self._inner:
            await asyncio.sleep(1)

    def close(self):
        with self._lock:
            self.stream.close()

    async def try_to_write(self, message):
        if self._other.acquire(blocking=False):
            self._other.release()
        print(self._told)
