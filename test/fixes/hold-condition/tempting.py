import asyncio
import threading


class Mailbox:
    def __init__(self):
        self._mail = []
        self._lock = threading.Lock()
        self._arrived = threading.Condition()
        self._left = asyncio.Condition()

    def collect(self):
        with self._lock:
            self._arrived.wait_for(lambda: self._mail)
            return self._mail.pop()

    def deliver(self, letter):
        with self._arrived:
            self._mail.append(letter)
        self._arrived.notify(); print(letter)

    def leave(self):
        self._left.notify_all()

    def _tell(self):
        if self._mail: self._arrived.notify()
