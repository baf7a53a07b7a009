import queue
import threading


class Worker:
    def __init__(self):
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._queue = queue.Queue()
        self._thread = threading.Thread(target=self._run)

    def start(self):
        self._thread.start()

    def _run(self):
        while not self._stop.is_set():
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                continue
            job()

    def stop(self):
        self._stop.set()
        while self._thread.is_alive():  # it comes to its end soon
            pass
        print("stopped")

    def take(self):
        if self._queue:
            while not self._lock.acquire(blocking=False):
                pass
            self._lock.release()


def rest(jobs: queue.Queue, stop):
	while not stop.is_set():
		try:
			jobs.get(timeout=0)()
		except queue.Empty:
			pass
