"""Two counters of one class: the first fix makes the lock, the second takes it too."""
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)


class Progress:
    def __init__(self, total):
        self.done = 0  # pages that are through
        self._lock = threading.Lock()
        self.failed: int = 0
        self.total = total

    def page_done(self, page):
        # Each worker comes here after each page.
        with self._lock:
            self.done += 1
            return self.done == self.total

    def page_failed(self, page):
        if page.retries > 3:
            with self._lock:
                self.failed += 1
            log.warning("given up: %s", page)

    def share(self):
        with self._lock:
            return self.done / self.total

    def wait(self):
        while self.done < self.total:
            pass


def run(pages):
    progress = Progress(len(pages))
    with ThreadPoolExecutor() as pool:
        list(pool.map(progress.page_done, pages))
        list(pool.map(progress.page_failed, pages))
    return progress
