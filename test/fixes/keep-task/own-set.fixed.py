import asyncio

_jobs: set = set()


async def work(number):
	await asyncio.sleep(number)


def start(number):
	job = asyncio.create_task(work(number))
	_jobs.add(job)
	job.add_done_callback(_jobs.discard)


class Runner:
	def __init__(self):
		self._tasks = set()

	def run(self, number):
		task = asyncio.create_task(work(number))
		self._tasks.add(task)
		task.add_done_callback(self._tasks.discard)

	def run_again(self, number):
		async def twice():
			await work(number)
			await work(number)

		task = asyncio.create_task(twice())
		self._tasks.add(task)
		task.add_done_callback(self._tasks.discard)


class Other:
	@staticmethod
	def run(number):
		task = asyncio.create_task(work(number))
		_jobs.add(task)
		task.add_done_callback(_jobs.discard)


class Closing:
	def __init__(self):
		self._running = set()

	def run(self, number):
		job = asyncio.create_task(work(number))
		self._running.add(job)
		job.add_done_callback(self._running.discard)

	async def close(self):
		await asyncio.gather(*self._running)

	def close_soon(self):
		task = asyncio.create_task(self.close())
		_jobs.add(task)
		task.add_done_callback(_jobs.discard)
