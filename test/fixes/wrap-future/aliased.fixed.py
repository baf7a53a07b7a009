import concurrent.futures as cf
from asyncio import wrap_future as wrap


async def measure(pool: cf.ThreadPoolExecutor, items):
	return [await wrap(pool.submit(len, item)) for item in items]


async def tell(pool: cf.ProcessPoolExecutor, item):
	if await wrap(pool.submit(len, item)): print(item, await wrap(pool.submit(len, item)))
