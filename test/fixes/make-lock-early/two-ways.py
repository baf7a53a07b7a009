import threading


class Store:
    _mutex = None

    def __init__(self):
        self._mutex = None
        self.rows = []

    def add(self, row):
        if not self._mutex:
            self._mutex = threading.Lock()
        with self._mutex:
            self.rows.append(row)

    def drop(self):
        if getattr(self, '_mutex', None) is None:
            self._mutex = threading.Lock()
        with self._mutex:
            self.rows.clear()


STORE = Store()


def main():
    for row in range(3):
        threading.Thread(target=STORE.add, args=(row,)).start()
        threading.Thread(target=STORE.drop).start()
