import threading
import time
from multiprocessing import Process


class Log:
    def __init__(self):
        self._lines = []
        self._thread = threading.Thread(
            target=self._drain,
            name="log",  # for the debugger
        )
        self._thread.start()

    def _drain(self):
        while True:
            time.sleep(1)
            self._lines.clear()


def watch(check):
	def monitor():
		while True:
			check()
			time.sleep(10)

	threading.Thread(target=monitor, daemon=False).start()
