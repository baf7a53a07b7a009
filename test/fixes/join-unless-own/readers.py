import queue
from threading import Event, Thread


class Worker(Thread):
    def __init__(self):
        super().__init__()
        self._jobs = queue.Queue()

    def run(self):
        while True:
            job = self._jobs.get()
            if job is None:
                self.stop()
                return
            job()

    def stop(self):
        self._jobs.put(None)
        self.join()


class Reader:
    def __init__(self, stream):
        self._stream = stream
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.is_set():
            line = self._stream.readline()
            if not line:
                self.close()
            print(line)

    def close(self):
        self._stop.set()
        # The thread may take a while.
        self._thread.join(
            timeout=5,
        )
        self._stream.close()
