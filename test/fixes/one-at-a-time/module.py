"""One client for all."""
from asyncio import gather

client = None
count = 0


async def connect(address):
	return address


async def get(address):
	global client
	if client is None:
		client = await connect(address)
	return client


async def main():
	await gather(get('a'), get('b'))
