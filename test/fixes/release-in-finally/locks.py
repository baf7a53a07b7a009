"""What is taken is no lock that a with statement is known to enter, or it may not have been taken."""

import threading


class ReadWrite:
    def __init__(self):
        self._readers = 0

    def acquire_read(self):
        self._readers += 1

    def release_read(self):
        self._readers -= 1


class Cache:
    def __init__(self, source):
        self._source = source
        self._rw = ReadWrite()
        self._lock = threading.Lock()

    def get(self, key):
        self._rw.acquire_read()
        value = self._source.load(key)
        self._rw.release_read()
        return value

    def soon(self, key):
        if not self._lock.acquire(timeout=1):
            return None
        if key is None:
            return None
        item = self._source.load(key)
        self._lock.release()
        return item

    def _lock_all(self):
        self._lock.acquire()

    def _unlock_all(self):
        self._lock.release()

    def save(self, record):
        self._lock_all()
        self._source.write(record)
        self._unlock_all()


def read(owner, path):
    lock = owner.table_lock
    lock.acquire()
    handle = open(path)
    owner.table[path] = handle
    lock.release()
