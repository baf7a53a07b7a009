from concurrent.futures import ThreadPoolExecutor


class cached:
    """Works a value out once."""

    def __init__(self, make):
        self._make = make
        self._name = make.__name__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        cache = instance.__dict__
        try:
            return cache[self._name]
        except KeyError:
            # Nobody has asked yet.
            value = cache[self._name] = self._make(
                instance,
            )
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
