import asyncio
from contextlib import contextmanager
from threading import Lock


class Sender:
    def __init__(self, transport):
        self._transport = transport
        self._lock = asyncio.Lock()

    async def send(self, message):
        await self._lock.acquire()
        await self._transport.write(message)
        self._lock.release()


whole = Lock()


@contextmanager
def alone():
    whole.acquire()
    yield whole
    whole.release()
