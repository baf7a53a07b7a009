# A with statement would change more here than the way out after an error.
import threading


class Session:
    def __init__(self, connection):
        self._connection = connection
        self._lock = threading.Lock()
        self._table = {}

    def on_one_line(self, text):
        self._lock.acquire(); self._connection.send(text)
        self._lock.release()

    def with_a_note(self, text):
        self._lock.acquire()
        self._connection.send(text)
        self._lock.release()  # from here on others may ask

    def works_after_the_release(self, name):
        self._lock.acquire()
        found = self._connection.find(name)
        if found is None:
            self._lock.release()
            return self._connection.make(name)
        self._lock.release()
        return found

    def another_lock_by_then(self, text):
        self._lock.acquire()
        old, self._lock = self._lock, threading.Lock()
        self._connection.send(text)
        self._lock.release()
        return old

    def goes_on_without(self, names):
        self._lock.acquire()
        for name in names:
            if self._connection.find(name):
                self._lock.release()
                break
        else:
            self._lock.release()
