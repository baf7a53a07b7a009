import threading


class Store:
    def __init__(self):
        self._mutex = threading.Lock()
        self.rows = []

    def add(self, row):
        with self._mutex:
            self.rows.append(row)

    def drop(self):
        with self._mutex:
            self.rows.clear()


STORE = Store()


def main():
    for row in range(3):
        threading.Thread(target=STORE.add, args=(row,)).start()
        threading.Thread(target=STORE.drop).start()
