# Whoever comes back would wait for itself; one lock for all keys is too much; a loop would hold it too long.
import asyncio


async def connect(key=None):
    return object()


class Pool:
    def __init__(self, opened):
        self.opened = opened
        self._first = None
        self._by_key = {}
        self._other = None

    async def first(self):
        if self._first is None:
            self._first = await self._open()
        return self._first

    async def _open(self):
        if await self.opened():
            return await self.first()
        return await connect()

    async def by_key(self, key):
        if key not in self._by_key:
            self._by_key[key] = await connect(key)
        return self._by_key[key]

    async def other(self):
        if self._other is None:
            self._other = await self.opened(self)
        return self._other

    async def mine(this):
        if this._other is None:
            this._other = await connect()
        return this._other


async def main(pool: Pool):
    await asyncio.gather(pool.first(), pool.first(), pool.by_key(1), pool.by_key(2), pool.other(), pool.other(), pool.mine(), pool.mine())
