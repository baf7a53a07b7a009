import asyncio


async def work(number):
    await asyncio.sleep(number)


class Closing:
    def __init__(self):
        self._running = set()

    def run(self, number):
        job = asyncio.create_task(work(number))
        self._running.add(job)
        job.add_done_callback(self._running.discard)

    async def close(self):
        # It would wait for itself.
        await asyncio.gather(*self._running)

    def close_soon(self):
        asyncio.create_task(self.close())
