import asyncio
import threading

page_lock = asyncio.Lock()


class Sink:
    def __init__(self, stream):
        self.stream = stream
        # One writer at a time.
        self._lock = asyncio.Lock()

    async def write(self, message):
        async with self._lock:  # in turn
            await self.stream.write(message)

    async def count(self):
        async with self._lock:
            return len(self.stream)


async def load(page):
	async with page_lock:
		if page:
			await page.load()
