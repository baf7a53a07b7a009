"""The queue between whoever submits work and the threads that do it."""

import threading
from collections import deque


class JobQueue:
    """Like queue.Queue, but bounded by the caller's patience instead of a size."""

    def __init__(self):
        self._condition = threading.Condition()
        self._waiting = deque()

    def put(self, job):
        with self._condition:
            self._waiting.append(job)
            self._condition.notify()

    def take(self):
        with self._condition:
            # A loop, not an if: another thread may have been faster after the notify.
            while not self._waiting:
                self._condition.wait()
            return self._waiting.popleft()
