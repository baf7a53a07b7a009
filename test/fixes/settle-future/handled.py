# A handler is there already, for something else; or work and answer are apart.
import queue
import threading
from concurrent.futures import Future


class Worker:
    def __init__(self):
        self._calls = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()
        threading.Thread(target=self._run_apart, daemon=True).start()

    def call(self, function):
        future = Future()
        self._calls.put((future, function))
        return future.result()

    def _run(self):
        while True:
            future, function = self._calls.get()
            try:
                future.set_result(function())
            except KeyboardInterrupt:
                break

    def _run_apart(self):
        while True:
            future, function = self._calls.get()
            answer = function()
            print(answer)
            future.set_result(answer)
