import asyncio


async def connect():
    return object()


class Lazy:
    def __init__(self, url):
        self.url = url
        self._client = None
        self._session = None

    async def client(self):
        """The one client."""
        if self._client is None:
            # A moment, please.
            self._client = await connect()
        return self._client

    async def session(self):
        if self._session:
            return self._session
        self._session = await connect()  # a new one
        return self._session


class Stream:
    def __init__(self):
        self._socket: object | None = None

    async def close(self):
        if self._socket:
            await self._socket.close()

    async def reconnect(self):
        if self._socket:
            await self._socket.close()
        self._socket = await connect()


class Counter:
    def __init__(self):
        self._lock_of_doors = None
        self._lock = asyncio.Lock()
        self.total = 0

    async def add(self, source):
        before = self.total
        text = """
    of several lines"""
        amount = await source.amount(text)
        self.total = before + amount


async def main(source):
    lazy, stream, counter = Lazy('/'), Stream(), Counter()
    tasks = []
    while True:
        tasks.append(asyncio.create_task(lazy.client()))
        tasks.append(asyncio.create_task(lazy.session()))
        tasks.append(asyncio.create_task(stream.reconnect()))
        tasks.append(asyncio.create_task(counter.add(source)))
        await asyncio.sleep(1)


if __name__ == '__main__':
    asyncio.run(main(print))
