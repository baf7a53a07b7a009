# When to start what an object keeps is the author's to say.
import threading


class Service:
    def __init__(self):
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        self._thread = None

    def close(self):
        self._thread.join()


def all_of(jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.join()
