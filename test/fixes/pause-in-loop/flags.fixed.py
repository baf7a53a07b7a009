"""Waits for what other threads do."""

import os
import threading
import time


class Reader:
    def __init__(self):
        self.done = False
        self._thread = threading.Thread(target=self.read)

    def read(self):
        print(os.getcwd())
        self.done = True

    def wait(self):
        self._thread.start()
        while not self.done:
            # The thread says so.
            time.sleep(0.01)


def wait_for(threads):
    if threads:
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.01)  # until the last one is done
