"""A lock that most changes are made without is there for something else."""
import threading


class Sender:
    def __init__(self):
        self._fork_lock = threading.Lock()
        self._pid = 0
        self._turn = 0

    def reset(self):
        with self._fork_lock:
            self._pid = 1
            self._turn = 0

    def next(self):
        self._turn += 1
        return self._turn

    def skip(self):
        self._turn += 2


SENDER = Sender()


def work():
    SENDER.next()
    SENDER.skip()
    SENDER.reset()


def main():
    for _ in range(4):
        threading.Thread(target=work).start()
