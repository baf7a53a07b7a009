import queue
import threading
from concurrent.futures import Future


class Worker:
    def __init__(self):
        self._calls = queue.Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def call(self, function, *args):
        future = Future()
        self._calls.put((future, function, args))
        return future.result()

    def _run(self):
        while True:
            future, function, args = self._calls.get()
            future.set_result(function(
                *args,
            ))
            # The next one.
            self._calls.task_done()
