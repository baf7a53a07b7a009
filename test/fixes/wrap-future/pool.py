import asyncio
from concurrent.futures import ThreadPoolExecutor


class Resizer:
    def __init__(self):
        self.pool = ThreadPoolExecutor(max_workers=2)

    async def resize(self, image):
        job = self.pool.submit(image.resize)
        return job.result()

    async def size(self, image):
        return self.pool.submit(image.resize).result().size

    async def wrongly(self, image):
        job = self.pool.submit(image.resize)
        return await job

    async def in_brackets(self, image):
        return await (
            self.pool.submit(image.resize)
        )

    async def on_own_loop(self, image):
        loop = asyncio.get_running_loop()
        done = asyncio.run_coroutine_threadsafe(self.resize(image), loop)
        return done.result()

    async def in_time(self, image):
        return self.pool.submit(image.resize).result(timeout=5)
