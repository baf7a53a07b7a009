import asyncio


class Store:
    def __init__(self):
        self.jobs = asyncio.Queue(maxsize=10)

    async def is_open(self):
        await asyncio.sleep(0)
        return True

    async def save(self, value):
        await asyncio.sleep(1)  # for a moment
        if not await self.is_open():
            return
        await self.jobs.put(
            value,
        )
        state = await self.is_open()
        if value: await self.save(None); print(value)
