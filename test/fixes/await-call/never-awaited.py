import asyncio


class Store:
    def __init__(self):
        self.jobs = asyncio.Queue(maxsize=10)

    async def is_open(self):
        await asyncio.sleep(0)
        return True

    async def save(self, value):
        asyncio.sleep(1)  # for a moment
        if not self.is_open():
            return
        self.jobs.put(
            value,
        )
        state = self.is_open()
        if value: self.save(None); print(value)
