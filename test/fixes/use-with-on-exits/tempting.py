import threading


class Gate:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = []

    def step(self, wait):
        self._lock.acquire()
        if wait:
            self._lock.release()
            print("waits")
            return None
        if not self._items:
            return 0
        self._lock.release()
        return 1

    def switch(self, keep):
        self._lock.acquire()
        if keep:
            self._items.append(keep)
        else:
            self._lock.release()
            print(len(self._items))
