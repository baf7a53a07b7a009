# Nothing can be put around what shares its line.
import threading


class Session:
    def __init__(self, work):
        self._worker = threading.Thread(target=work)
        self._open = True

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._open = False; self._worker.join()

    def start(self):
        self._worker.start()
