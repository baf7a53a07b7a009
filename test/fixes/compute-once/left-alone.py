from concurrent.futures import ThreadPoolExecutor


class cached:
    """Looking costs something."""

    def __init__(self, make):
        self._make = make
        self._name = make.__name__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.find(instance) is None:
            instance.__dict__[self._name] = self._make(instance)
        return instance.__dict__[self._name]

    def find(self, instance):
        return instance.__dict__.get(self._name)


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


class slotted:
    """No field more."""

    __slots__ = ('_make', '_name')

    def __init__(self, make):
        self._make = make
        self._name = make.__name__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self._name not in instance.__dict__:
            instance.__dict__[self._name] = self._make(instance)
        return instance.__dict__[self._name]


class Page:
    @slotted
    def text(self):
        return Link(print)


class tight:
    def __init__(self, make):
        self._make = make
        self._name = make.__name__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self._name not in instance.__dict__: instance.__dict__[self._name] = self._make(instance)
        return instance.__dict__[self._name]


class Sheet:
    @tight
    def text(self):
        return Link(print)


def read(page, sheet):
    page.text.send('')
    sheet.text.send('')


def read_all():
    page, sheet = Page(), Sheet()
    with ThreadPoolExecutor() as pool:
        for _ in range(3):
            pool.submit(read, page, sheet)
