import threading
import time


class Registry:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = {}
        self._closed = False

    def find(self, name):
        self._lock.acquire()
        if name not in self._items:
            return None
        item = self._items[name]
        self._lock.release()
        return item

    def run(self):
        while True:
            time.sleep(1)
            self._lock.acquire()
            if self._closed:
                self._lock.release()
                break
            if not self._items:
                # Nothing to do yet.
                continue
            self._items.popitem()
            self._lock.release()

    def drop(self, name):
        self._lock.acquire()  # guards the items
        if name in self._items:
            del self._items[name]
            self._lock.release()
        else:
            print("no such item")

    def work(self, job):
        self._lock.acquire()
        try:
            job()
            self._lock.release()
        except OSError:
            print("failed")

    def parse(self, text):
        self._lock.acquire()
        try:
            number = int(text)
        except ValueError:
            return None
        self._items[number] = text
        self._lock.release()
        return number
