"""A connection that several threads share."""

import json
import threading


class Session:
    def __init__(self, connection):
        self._connection = connection
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(4)

    def request(self, text):
        self._lock.acquire()  # one question at a time
        self._connection.send(text)
        # The answer comes on the same line.
        answer = self._connection.receive()

        self._lock.release()
        return answer

    def note(self, path, lines):
        self._slots.acquire(True)

        template = """{
  "lines": %d
}"""
        with open(path) as file:
            for line in lines:
                file.write(
                    template
                    % json.loads(line)
                )
        self._slots.release()

    def pick(self, name):
        self._lock.acquire()
        table = self._connection.load()
        if name not in table:
            self._lock.release()
            return None
        item = table[name]
        self._lock.release()
        return item.read()
