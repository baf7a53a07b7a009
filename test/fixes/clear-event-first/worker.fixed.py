import asyncio
import threading
from collections import deque


class Worker:
    def __init__(self, handle):
        self._handle = handle
        self._jobs = deque()
        self._wake = threading.Event()
        self._reply = threading.Event()
        self._stopping = False

    def add(self, job):
        self._jobs.append(job)
        self._wake.set()

    def run(self):
        while not self._stopping:
            self._wake.wait()
            self._wake.clear()
            # All that is there.
            while self._jobs:
                self._handle(self._jobs.popleft())

    def run_until_stopped(self):
        while True:
            self._wake.wait(timeout=None)
            self._wake.clear()
            # Nothing more is done then.
            if self._stopping:
                return
            self._flush()

    def stop(self):
        self._stopping = True
        self._wake.set()

    def run_with_timeout(self):
        while not self._stopping:
            if self._wake.wait(timeout=5):
                self._wake.clear()
                self._flush()

    def _flush(self):
        for job in list(self._jobs):
            self._handle(job)

    def drain_then_wait(self):
        while not self._stopping:
            self._wake.clear()
            self._flush()
            self._wake.wait()

    def ask(self, connection, question):
        question = question.strip()
        self._reply.clear()
        connection.send(
            question,
        )
        self._reply.wait(10)

    def on_reply(self, _):
        self._reply.set()


class AsyncWorker:
	def __init__(self, store):
		self._store = store
		self._wake = asyncio.Event()

	def add(self, job):
		self._store.add(job)
		self._wake.set()

	async def run(self):
		while True:
			await self._wake.wait()
			self._wake.clear()
			await self._store.flush()
