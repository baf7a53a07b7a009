from threading import Lock, Thread


class Registry:
    """One for all."""

    _lock = None
    known = {}

    @classmethod
    def add(cls, name):
        if cls._lock is None:
            cls._lock = Lock()
        with cls._lock:
            cls.known[name] = len(cls.known)


def main():
    for name in 'abc':
        Thread(target=Registry.add, args=(name,)).start()
