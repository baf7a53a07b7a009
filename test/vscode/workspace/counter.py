"""A counter that several threads add to; who starts them is in service.py."""


class Counter:
    def __init__(self):
        self.total = 0

    def add(self, amount):
        # A race condition: two threads may read the same total.
        self.total += amount
