import threading
from collections import deque


class Worker:
    def __init__(self, handle):
        self._handle = handle
        self._jobs = deque()
        self._wake = threading.Event()
        self._stopping = False

    def add(self, job):
        self._jobs.append(job)
        self._wake.set()

    def run_on_one_line(self):
        while not self._stopping:
            self._wake.wait()
            self._flush(); self._wake.clear()

    def run_with_note(self):
        while not self._stopping:
            self._wake.wait()
            self._flush()
            self._wake.clear()  # all has been done

    def run_once_more(self):
        while not self._stopping:
            self._wake.wait()
            self._flush()
            if self._jobs:
                self._wake.clear()

    def _flush(self):
        for job in list(self._jobs):
            self._handle(job)
