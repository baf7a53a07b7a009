import asyncio
import threading
from collections import deque


class Buffer:
    def __init__(self):
        self._items = deque()
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify()

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self):
        with self._changed:
            if not self._items:  # nothing there
                # Somebody will put something in.
                self._changed.wait()
            return self._items.popleft()

    def take_either(self, other):
        with self._changed:
            if (len(self._items) == 0 or other is None):
                self._changed.wait()
            return self._items.popleft()

    def take_in_time(self, seconds):
        with self._changed:
            if len(self._items) == 0:
                self._changed.wait(timeout=seconds)
            return self._items.popleft()


class Latch:
	def __init__(self):
		self._open = False
		self._moved = asyncio.Condition()

	async def open(self):
		async with self._moved:
			self._open = True
			self._moved.notify_all()

	async def pass_through(self, work):
		async with self._moved:
			if not self._open: await self._moved.wait()
			await work(self._open)
