import asyncio
import threading


class Mailbox:
    def __init__(self):
        self._mail = []
        self._arrived = threading.Condition()

    def deliver(self, letter):
        with self._arrived:
            self._mail.append(letter)

            # Whoever waits may look now.
            self._arrived.notify()

    def drop(self, letters):
        with self._arrived:
            self._mail.extend(letters)
        for _ in letters:
            with self._arrived:
                self._arrived.notify()

    def collect(self):
        with self._arrived:
            while not self._mail:
                self._arrived.wait()
            return self._mail.pop()

    def collect_all(self):
        with self._arrived:
            self._arrived.wait_for(
                lambda: self._mail,
            )
            return list(self._mail)


class AsyncMailbox:
	def __init__(self):
		self._mail = []
		self._arrived = asyncio.Condition()

	async def deliver(self, letter):
		self._mail.append(letter)
		async with self._arrived:
			self._arrived.notify_all()

	async def collect(self):
		async with self._arrived:
			await self._arrived.wait_for(lambda: self._mail)
			return self._mail.pop()
