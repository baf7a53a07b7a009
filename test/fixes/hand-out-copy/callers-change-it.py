import threading


class Shelf:
    def __init__(self):
        self._lock = threading.Lock()
        self._books = []
        self._notes = []

    def add(self, book):
        with self._lock:
            self._books.append(book)
            self._notes.append(book)

    def books(self):
        with self._lock:
            return self._books

    def _all_notes(self):
        with self._lock:
            return self._notes


SHELF = Shelf()


def work(book):
    SHELF.add(book)
    SHELF.books().append(book)
    SHELF._all_notes()


def main():
    for name in "abc":
        threading.Thread(target=work, args=(name,)).start()
