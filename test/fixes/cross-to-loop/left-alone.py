# No loop is in reach, something is done with the outcome, or a handler waits for the exception.
import asyncio
import threading


class Reader:
    def __init__(self, port):
        self.port = port
        self.queue = asyncio.Queue(maxsize=10)
        self.event = asyncio.Event()

    async def start(self):
        threading.Thread(target=self._read, daemon=True).start()
        await self.event.wait()

    def _read(self):
        self.event.set()

    async def line(self):
        return await self.queue.get()


class Pinger(threading.Thread):
    def __init__(self, loop: asyncio.AbstractEventLoop, queue: asyncio.Queue):
        super().__init__(daemon=True)
        self.loop = loop
        self.queue = queue

    async def pinged(self):
        await self.queue.put(1)

    def run(self):
        handle = self.loop.call_later(1, print, 'ping')
        handle.cancel()
        try:
            self.queue.put_nowait(1)
        except asyncio.QueueFull:
            print('too slow')
        self.loop.create_task(self.pinged(), name='ping')


async def ping(queue: asyncio.Queue):
    Pinger(asyncio.get_running_loop(), queue).start()
    return await queue.get()
