from threading import Lock, Thread


class Registry:
    """One for all."""

    _lock = Lock()
    known = {}

    @classmethod
    def add(cls, name):
        with cls._lock:
            cls.known[name] = len(cls.known)


def main():
    for name in 'abc':
        Thread(target=Registry.add, args=(name,)).start()
