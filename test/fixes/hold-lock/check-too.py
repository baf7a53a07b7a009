import threading


class Inventory:
    def __init__(self):
        self._lock = threading.Lock()
        self._count = 0
        self._names = []

    def add(self, name):
        with self._lock:
            self._count += 1
            self._names.append(name)

    def remove(self, name):
        with self._lock:
            self._count -= 1
            self._names.remove(name)

    def reset_if_full(self, limit):
        if self._count > limit:
            # Start anew.
            self._count = self._count - limit

    @property
    def size(self):
        with self._lock:
            return self._count


def main():
    inventory = Inventory()
    for name in "abc":
        threading.Thread(target=inventory.add, args=(name,)).start()
        threading.Thread(target=inventory.remove, args=(name,)).start()
        threading.Thread(target=inventory.reset_if_full, args=(3,)).start()
