"""A small thumbnail service: requests come in, worker threads answer them."""

import sys
import threading

from catalog import Catalog
from jobs import JobQueue
from settings import Settings
from stats import Stats, count_failure, failure_count
from storage import Storage
from thumbnails import ThumbnailCache, render

WORKERS = 4


class Service:
    def __init__(self, root):
        self.storage = Storage(root)
        self.catalog = Catalog(self.storage)
        self.storage.attach(self.catalog)
        self.cache = ThumbnailCache(capacity=500)
        self.settings = Settings()
        self.stats = Stats()
        self.jobs = JobQueue()
        self._threads = []

    def start(self):
        for number in range(WORKERS):
            # Daemon threads, so that Ctrl-C does not wait for a slow image.
            thread = threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)
        threading.Thread(target=self.storage.sweep_forever, name="sweeper", daemon=True).start()

    def submit(self, path):
        self.jobs.put(path)

    def stop(self):
        for _ in self._threads:
            self.jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self):
        while True:
            path = self.jobs.take()
            if path is None:
                return
            try:
                self._handle(path)
            except OSError:
                count_failure()

    def _handle(self, path):
        size = self.settings.get("size")
        thumbnail = self.cache.get(path)
        if thumbnail is None:
            thumbnail = render(self.storage.read(path), size)
            self.cache.put(path, thumbnail)
        self.catalog.touch(path)
        self.stats.record(len(thumbnail))


def main():
    service = Service(sys.argv[1] if len(sys.argv) > 1 else ".")
    service.start()
    for line in sys.stdin:
        service.submit(line.strip())
    service.stop()
    print(service.stats.summary(), "failures:", failure_count())


if __name__ == "__main__":
    main()
