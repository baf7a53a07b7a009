import collections
import threading


class Shelf:
    def __init__(self):
        self._lock = threading.Lock()
        self._books = []
        self._by_name = {}
        self._last = collections.deque(maxlen=3)
        self._marks = set()

    def add(self, book):
        with self._lock:
            self._books.append(book)
            self._by_name[book.name] = book
            self._last.append(book)
            self._marks.add(book.name)

    def books(self):
        with self._lock:
            return self._books  # all of them

    @property
    def named(self):
        with self._lock:
            return self._by_name.items()

    def last(self):
        with self._lock:
            return self._last

    def marks(self):
        with self._lock:
            marks = self._marks
        return marks

    def __iter__(self):
        with self._lock:
            return iter(self._by_name)


def main():
    shelf = Shelf()
    for name in "abc":
        threading.Thread(target=shelf.add, args=(name,)).start()
        threading.Thread(target=shelf.books).start()
        threading.Thread(target=shelf.last).start()
        threading.Thread(target=shelf.marks).start()
