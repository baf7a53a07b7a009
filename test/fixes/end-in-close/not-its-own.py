# Handed in, perhaps not there at all, left before the end of the method, or with no method that ends it.
from concurrent.futures import ThreadPoolExecutor
import httpx


class HandedIn:
    def __init__(self, executor=None):
        self._executor = executor or ThreadPoolExecutor()

    def run(self, job):
        return self._executor.submit(job).result()

    def close(self):
        self.closed = True


class PerhapsMissing:
    def start(self):
        self._executor = ThreadPoolExecutor()

    def run(self, job):
        return self._executor.submit(job).result()

    def stop(self):
        self.stopped = True


class LeftBefore:
    def __init__(self):
        self._executor = ThreadPoolExecutor()
        self._open = True

    def run(self, job):
        return self._executor.submit(job).result()

    def close(self):
        if not self._open:
            return
        self._open = False


class Replaced:
    def __init__(self, other):
        self._executor = ThreadPoolExecutor()
        self._other = other

    def switch(self):
        self._executor = self._other

    def run(self, job):
        return self._executor.submit(job).result()

    def close(self):
        self._open = False


class NotAwaited:
    def __init__(self):
        self._client = httpx.AsyncClient()

    async def poll(self, url):
        return await self._client.get(url)

    def stop(self):
        self._stopped = True
