import asyncio
import threading


class Reader:
    def __init__(self, port):
        self.port = port
        self._loop = None
        self.queue = asyncio.Queue()
        self.ready = asyncio.Event()

    async def start(self):
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, daemon=True).start()
        await self.ready.wait()

    def _read(self):
        self._loop.call_soon_threadsafe(self.ready.set)  # from now on
        while True:
            self._loop.call_soon_threadsafe(
                # as it came
                self.queue.put_nowait,
                self.port.readline(),
            )

    async def line(self):
        return await self.queue.get()


async def ask(device):
    answer = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()
    events = asyncio.Queue()

    def wait_for_answer():
        if not answer.done():
            try:
                answer.get_loop().call_soon_threadsafe(answer.set_result, device.read())
            except Exception as error:
                answer.get_loop().call_soon_threadsafe(answer.set_exception, error)
        loop.call_soon_threadsafe(events.put_nowait, 'asked')

    threading.Thread(target=wait_for_answer).start()
    return await answer


class Pinger(threading.Thread):
    def __init__(self, loop: asyncio.AbstractEventLoop, event: asyncio.Event):
        super().__init__(daemon=True)
        self.loop = loop
        self.event = event

    async def pinged(self):
        await self.event.wait()

    def run(self):
        self.loop.call_soon_threadsafe(self.event.set)
        self.loop.call_soon_threadsafe(print, 'ping')
        self.loop.call_soon_threadsafe(self.loop.call_later, 1, print, 'ping')
        asyncio.run_coroutine_threadsafe(self.pinged(), self.loop)
        asyncio.run_coroutine_threadsafe(
            self.pinged(), self.loop
        )
        self.loop.call_soon_threadsafe(self.loop.stop)


async def ping():
    event = asyncio.Event()
    Pinger(asyncio.get_running_loop(), event).start()
    await event.wait()
