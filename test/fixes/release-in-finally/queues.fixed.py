import asyncio
import queue
import threading


class Pool:
    def __init__(self, handle):
        self._handle = handle
        self._jobs = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def wait_idle(self):
        self._jobs.join()

    def _run(self):
        while True:
            job = self._jobs.get()
            try:
                # One after the other.
                self._handle(
                    job,
                )
            finally:
                self._jobs.task_done()  # counts it

    def run_and_skip(self):
        while True:
            job = self._jobs.get()
            try:
                if job.cancelled:
                    continue
                print(job)

                self._handle(job)
            finally:
                self._jobs.task_done()

    def run_and_log(self):
        while True:
            job = self._jobs.get()
            try:
                self._handle(job)
            except ValueError:
                print("failed")
            finally:
                self._jobs.task_done()


async def consume(jobs: asyncio.Queue, handle):
    while True:
        job = await jobs.get()
        try:
            if job.urgent:
                await handle(job)
        finally:
            jobs.task_done()
