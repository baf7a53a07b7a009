"""One client for all."""
import asyncio
from asyncio import gather

client = None
_client_lock = asyncio.Lock()
count = 0


async def connect(address):
	return address


async def get(address):
	global client
	async with _client_lock:
		if client is None:
			client = await connect(address)
	return client


async def main():
	await gather(get('a'), get('b'))
