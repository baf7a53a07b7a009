import threading
from threading import Thread


class Pool:
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.opened = False  # until somebody opens it
        self._begin()

    def _begin(self):
        print('beginning')

    # The lock is there from the first call on.
    def _ensure_lock(self):
        """Create the lock the first time it is needed."""
        try:
            self._lock
        except AttributeError:
            self._lock = threading.RLock()

    def open(self):
        self._ensure_lock()
        with self._lock:
            self.opened = True

    def close(self):
        self._ensure_lock()
        with self._lock:
            self.opened = False


class Plain:
    def use(self):
        if not hasattr(self, "_lock"):
            self._lock = threading.Lock()
        with self._lock:
            print('used')


def main():
    pool = Pool(3)
    for _ in range(3):
        Thread(target=pool.open).start()
        Thread(target=pool.close).start()
        Thread(target=Plain().use).start()
