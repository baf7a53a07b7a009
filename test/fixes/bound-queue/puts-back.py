# Who takes out puts in as well, or somebody waits for the lock that would be held: put() must not wait.
import queue
import threading


class Jobs:
    def __init__(self, source):
        self._source = source
        self._lock = threading.Lock()
        self._jobs = queue.Queue()
        self._done = queue.Queue()

    def read(self):
        while True:
            self._jobs.put(self._source.read())

    def work(self):
        while True:
            job = self._jobs.get()
            if not job.run():
                self._jobs.put(job)

    def finish(self):
        while True:
            with self._lock:
                self._done.put(self._source.last())

    def tell(self):
        while True:
            print(self._done.get())

    def start(self):
        for target in (self.read, self.work, self.finish, self.tell):
            threading.Thread(target=target, daemon=True).start()
