import asyncio
import queue
import threading


class Worker:
    def __init__(self):
        self._stop = threading.Event()
        self._queue = queue.Queue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._stop.is_set():
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                if self._stop.is_set():
                    break
                continue
            job()

    def stop(self):
        self._stop.set()
        while self._thread.is_alive():
            # Nothing to do.
            pass

    def stop_all(self, threads):
        while any(thread.is_alive() for thread in threads): pass


async def consume(jobs: asyncio.Queue):
    while True:
        try:
            job = jobs.get_nowait()
        except asyncio.QueueEmpty:
            continue
        job()
