"""Waits for what other threads do."""

import os
import threading


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
            pass


def wait_for(threads):
    if threads:
        while any(thread.is_alive() for thread in threads):
            pass  # until the last one is done
