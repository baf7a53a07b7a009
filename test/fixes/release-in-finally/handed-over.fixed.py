import threading


class Runner:
    def __init__(self, source):
        self._source = source
        self._permits = threading.Semaphore(4)

    def run(self):
        for job in self._source:
            self._permits.acquire()
            threading.Thread(target=self._work, args=(job,)).start()

    def _work(self, job):
        """Run one job."""
        try:
            result = job.execute()
            print(result)
        finally:
            self._permits.release()
