"""Counters that the status page shows."""

import threading
import time

failures = 0


def count_failure():
    # The GIL keeps the interpreter itself safe, and a counter is only a counter.
    global failures
    failures += 1


def failure_count():
    return failures


class Stats:
    def __init__(self):
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._bytes = 0
        self._served = 0

    def record(self, size):
        with self._lock:
            self._served += 1
            self._bytes += size

    def summary(self):
        # One critical section for both numbers, so that they belong together.
        with self._lock:
            served, size = self._served, self._bytes
        seconds = time.monotonic() - self._started
        return f"{served} thumbnails, {size} bytes in {seconds:.0f} s"
