# What follows needs the work done, and one thread has been started elsewhere already.
import threading


class Sum(threading.Thread):
    def __init__(self, numbers):
        super().__init__()
        self.numbers = numbers
        self.total = 0

    def run(self):
        self.total = sum(self.numbers)


def total_of(numbers):
    worker = Sum(numbers)
    worker.run()
    return worker.total


shared = Sum([1, 2])


def begin():
    shared.start()


def once_more():
    shared.run()
