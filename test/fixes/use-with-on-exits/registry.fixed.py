import threading
import time


class Registry:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = {}
        self._closed = False

    def find(self, name):
        with self._lock:
            if name not in self._items:
                return None
            item = self._items[name]
        return item

    def run(self):
        while True:
            time.sleep(1)
            with self._lock:
                if self._closed:
                    break
                if not self._items:
                    # Nothing to do yet.
                    continue
                self._items.popitem()

    def drop(self, name):
        with self._lock:  # guards the items
            if name in self._items:
                del self._items[name]
            else:
                print("no such item")

    def work(self, job):
        with self._lock:
            try:
                job()
            except OSError:
                print("failed")

    def parse(self, text):
        with self._lock:
            try:
                number = int(text)
            except ValueError:
                return None
            self._items[number] = text
        return number
