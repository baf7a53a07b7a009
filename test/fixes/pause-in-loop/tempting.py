import threading

time = 0


class Reader:
    def __init__(self):
        self.done = False
        self._thread = threading.Thread(target=self.read)

    def read(self):
        self.done = True

    def wait(self):
        self._thread.start()
        while not self.done:
            pass

    def wait_on_one_line(self):
        while not self.done: pass
