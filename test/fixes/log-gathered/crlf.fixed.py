from asyncio import gather
import logging as log


async def push(target):
	await target.push()


async def push_all(targets):
	try:
		results = await gather(*[push(target) for target in targets], return_exceptions=True)
		for result in results:
			if isinstance(result, Exception):
				log.getLogger(__name__).error("A task failed", exc_info=result)
	finally:
		print("done")
