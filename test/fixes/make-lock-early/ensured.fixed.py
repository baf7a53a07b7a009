import threading
from threading import Thread


class Pool:
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.opened = False  # until somebody opens it
        self._lock = threading.RLock()
        self._begin()

    def _begin(self):
        print('beginning')

    def open(self):
        with self._lock:
            self.opened = True

    def close(self):
        with self._lock:
            self.opened = False


class Plain:
    def __init__(self):
        self._lock = threading.Lock()

    def use(self):
        with self._lock:
            print('used')


def main():
    pool = Pool(3)
    for _ in range(3):
        Thread(target=pool.open).start()
        Thread(target=pool.close).start()
        Thread(target=Plain().use).start()
