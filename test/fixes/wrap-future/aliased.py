import concurrent.futures as cf
from asyncio import wrap_future as wrap


async def measure(pool: cf.ThreadPoolExecutor, items):
	return [pool.submit(len, item).result() for item in items]


async def tell(pool: cf.ProcessPoolExecutor, item):
	if pool.submit(len, item).result(): print(item, await wrap(pool.submit(len, item)))
