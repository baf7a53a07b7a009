from asyncio import gather
import logging as log


async def push(target):
	await target.push()


async def push_all(targets):
	try:
		await gather(*[push(target) for target in targets], return_exceptions=True)
	finally:
		print("done")
