import logging
import threading
from threading import (
    Lock,
    Thread,
)

log = logging.getLogger(__name__)


class Keeping(logging.Handler):
    def __init__(self):
        super().__init__()
        self._own = threading.Lock()
        self._lines = []

    def emit(self, record):
        with self._own:
            self._lines.append(record)
            if len(self._lines) > 100:
                log.warning("many lines")


class Source:
    def __init__(self):
        self._lock = Lock()
        self._rest = Lock()
        self._sink = []

    def start(self):
        Thread(target=self.flush).start()

    def flush(self):
        with self._lock:
            self._drain()

    def _drain(self):
        with self._lock:
            self._sink.clear()

    def rest(self):
        with self._rest:
            return list(self._sink)


log.addHandler(Keeping())
