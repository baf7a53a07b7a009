import queue
import threading


class Camera:
    def __init__(self, device):
        self._device = device
        # What has been read.
        self._frames = queue.Queue(maxsize=1000)  # of bytes
        self._sounds = queue.Queue(maxsize=1000)

    def read(self):
        while True:
            self._frames.put(self._device.read())

    def listen(self):
        while True:
            self._sounds.put(self._device.listen())

    def show(self):
        while True:
            print(self._frames.get())

    def play(self):
        while True:
            print(self._sounds.get())

    def start(self):
        for target in (self.read, self.listen, self.show, self.play):
            threading.Thread(target=target, daemon=True).start()
