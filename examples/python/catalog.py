"""What is known of each image: when it was used last, and under which name it is stored."""

import threading
import time

from storage import Storage


class Catalog:
    def __init__(self, storage: Storage):
        self._storage = storage
        self._lock = threading.Lock()
        self._used = {}

    def touch(self, path):
        with self._lock:
            self._used[path] = time.time()
            # Nobody may sweep the file away between the entry and its pin: do both under the lock.
            self._storage.pin(path)

    def forget(self, path):
        """Called by the storage when it has removed a file."""
        with self._lock:
            self._used.pop(path, None)

    def last_used(self, path):
        with self._lock:
            return self._used.get(path, 0.0)
