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
                job = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            job()

    def stop(self):
        self._stop.set()
        self._thread.join()  # it comes to its end soon
        print("stopped")

    def take(self):
        if self._queue:
            self._lock.acquire()
            self._lock.release()


def rest(jobs: queue.Queue, stop):
	while not stop.is_set():
		try:
			jobs.get(timeout=0.1)()
		except queue.Empty:
			pass
