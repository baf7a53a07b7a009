import asyncio
import signal


class Server:
	def __init__(self):
		self.loop = asyncio.get_event_loop()
		self.stopping = asyncio.Event()

	def _on_term(self, signum, frame): self.loop.call_soon_threadsafe(self.stopping.set)

	async def serve(self):
		signal.signal(signal.SIGTERM, self._on_term)
		await self.stopping.wait()


def stop_directly():
	loop = asyncio.new_event_loop()
	signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(loop.stop))
	loop.run_forever()
