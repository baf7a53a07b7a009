"""A query comes in just when the queue has been emptied."""


class Store:
    def __init__(self):
        self.saved = []

    def unexpanded(self):
        return []

    def save(self, query, _text):
        self.saved.append(query)


def drive(module):
    store = Store()
    service = module.ExpanderService(str.upper, store)

    def enqueue():
        service.enqueue(1, "a")
        while not store.saved:
            module.threading.Event().wait(0.1)
        service._stopping.set()
        service._event.set()

    return [service.run, enqueue], lambda: None
