import asyncio as aio
from time import sleep


class Worker:
	async def run(self, pause):
		for attempt in range(3):
			try:
				return await self.once()
			except OSError: await aio.sleep(
				2 ** attempt
				+ pause)

	async def once(self):
		return aio.current_task()
