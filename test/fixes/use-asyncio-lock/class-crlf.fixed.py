import asyncio
import threading


class Door:
	_lock = asyncio.Lock()

	async def open(self, guest):
		async with Door._lock:
			await guest.enter()
