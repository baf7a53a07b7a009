# A class of its own takes what it likes.
import threading
import time


class Monitor(threading.Thread):
    def __init__(self, check):
        super().__init__()
        self._check = check

    def run(self):
        while True:
            self._check()
            time.sleep(10)


def watch(check):
    Monitor(check).start()
