# What ends these waits is not what they test.
import threading


class Stream:
    def __init__(self, rpc):
        self._rpc = rpc
        self._wake = threading.Condition()
        self._paused = False
        self._used = 0

    def pause(self):
        with self._wake:
            self._paused = True

    def resume(self):
        with self._wake:
            self._paused = False
            self._wake.notify_all()

    def interrupt(self):
        with self._wake:
            self._wake.notify_all()

    def run(self, handle):
        while True:
            with self._wake:
                if self._paused:
                    self._wake.wait()
            handle(self._rpc.receive())

    def run_below(self, most, handle):
        with self._wake:
            if self._used > most:
                self._wake.wait()
            handle(self)

    def run_first(self, handle):
        with self._wake:
            self._wake.wait()
            handle(self._used)

    def run_with_note(self, handle):
        with self._wake:
            if self._paused:
                print("waits")
                self._wake.wait()
            handle(self._used)
