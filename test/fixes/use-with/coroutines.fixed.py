import asyncio
from contextlib import contextmanager
from threading import Lock


class Sender:
    def __init__(self, transport):
        self._transport = transport
        self._lock = asyncio.Lock()

    async def send(self, message):
        async with self._lock:
            await self._transport.write(message)


whole = Lock()


@contextmanager
def alone():
    with whole:
        yield whole
