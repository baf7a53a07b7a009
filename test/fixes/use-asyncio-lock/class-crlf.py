import threading


class Door:
	_lock = threading.Lock()

	async def open(self, guest):
		with Door._lock:
			await guest.enter()
