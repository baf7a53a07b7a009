# A re-entrant lock knows its thread: it cannot be given back by another, and says nothing of others.
import asyncio
import threading
from threading import Lock


class RLock:
    """Not the one of the library."""


class Gate:
    def __init__(self):
        self._lock = threading.Lock()
        self._number = 0

    def take(self):
        self._lock.acquire()

    def give(self):
        self._lock.release()

    def number(self):
        with self._lock:
            return self._number

    def add(self):
        with self._lock:
            self._number = self.number() + 1


class Asked:
    def __init__(self):
        self._lock = threading.Lock()
        self._number = 0

    def is_busy(self):
        return self._lock.locked()

    def number(self):
        with self._lock:
            return self._number

    def add(self):
        with self._lock:
            self._number = self.number() + 1


class Named:
    def __init__(self):
        self._lock = Lock()
        self._number = 0

    def number(self):
        with self._lock:
            return self._number

    def add(self):
        with self._lock:
            self._number = self.number() + 1


class Tasks:
    def __init__(self):
        self._lock = asyncio.Lock()
        self._number = 0

    async def number(self):
        async with self._lock:
            return self._number

    async def add(self):
        async with self._lock:
            self._number = await self.number() + 1
