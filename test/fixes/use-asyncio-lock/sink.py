import threading

page_lock = threading.Lock()


class Sink:
    def __init__(self, stream):
        self.stream = stream
        # One writer at a time.
        self._lock = threading.Lock()

    async def write(self, message):
        with self._lock:  # in turn
            await self.stream.write(message)

    async def count(self):
        with self._lock:
            return len(self.stream)


async def load(page):
	with page_lock:
		if page:
			await page.load()
