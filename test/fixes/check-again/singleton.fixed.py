import threading

from drivers import Loop


class Registry:
    _instance = None
    _instance_lock = threading.Lock()
    _known: dict = {}

    @classmethod
    def instance(cls):
        if cls._instance is None:
            with cls._instance_lock:
                # Only one is wanted.
                if cls._instance is None:
                    cls._instance = Registry()
        return cls._instance


class Loops:
    def __init__(self):
        self._lock = threading.Lock()
        self._loop = None

    def loop(self):
        if self._loop is None:
            with self._lock:
                if self._loop is None:
                    self._loop = Loop(
                        name="""main
loop"""
                    )
        return self._loop

    def close(self):
        with self._lock:
            self._loop = None


LOOPS = Loops()


def work():
    Registry.instance()
    LOOPS.loop()
    LOOPS.close()


def main():
    for _ in range(4):
        threading.Thread(target=work).start()
