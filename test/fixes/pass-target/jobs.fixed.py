import asyncio
from concurrent.futures import Executor


def work(text, times=1):
	return len(text * times)


def read(executor: Executor, text):
	future = executor.submit(work, text, 2)
	return future.result()


async def offload(loop: asyncio.AbstractEventLoop):
	first = await loop.run_in_executor(None, work, "a")
	loop.call_soon(work, "b")
	return first
