import asyncio as aio


class Reader:
	def __init__(self):
		self.done = False

	async def read(self):
		self.done = True

	async def wait(self):
		while not self.done:
			pass
