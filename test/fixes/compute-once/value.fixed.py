from concurrent.futures import ThreadPoolExecutor
import threading as t

missing = object()


class cached(object):
    def __init__(self, make):
        self._make = make
        self._name = make.__name__
        self._lock = t.RLock()

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance.__dict__.get(self._name, missing)
        if value is missing:
            with self._lock:
                value = instance.__dict__.get(self._name, missing)
                if value is missing:
                    value = self._make(instance)
                    instance.__dict__[self._name] = value
        return value


class App:
    def __init__(self, connect):
        self.connect = connect

    @cached
    def link(self):
        return Link(self.connect)


class Link:
    def __init__(self, connect):
        self.socket = connect()

    def send(self, text):
        self.socket.send(text)


def work(app):
    app.link.send('hello')


def main(connect):
    app = App(connect)
    with ThreadPoolExecutor() as pool:
        for _ in range(3):
            pool.submit(work, app)
