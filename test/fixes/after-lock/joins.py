import queue
import threading


class Poller:
    def __init__(self):
        self._lock = threading.Lock()
        self._running = True
        self._threads = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._found = queue.Queue(10)

    def _run(self):
        while True:
            with self._lock:
                if not self._running:
                    return

    def restart(self):
        with self._lock:
            self._thread = threading.Thread(target=self._run)
            self._thread.start()

    def stop(self):
        with self._lock:
            self._running = False
            # Wait until it has seen that.
            self._thread.join()  # the last one
            self._thread = None

    def stop_soon(self):
        with self._lock:
            self._running = False
            if self._thread is not None and self._thread.is_alive():
                self._thread.join(
                    timeout=None,
                )
        print("stopped")

    def spread(self):
        with self._lock:
            self._threads.append(threading.Thread(target=self._run))
            self._threads[-1].start()

    def gather(self):
        with self._lock:
            self._running = False
            for thread in self._threads:
                thread.join()

    def add(self, place):
        with self._lock:
            self._found.put(place)

    def take(self):
        place = self._found.get()
        with self._lock:
            return place
