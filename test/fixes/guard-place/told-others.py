# What was just written goes to somebody who may want the lock: a lock around the change alone would not keep the two together.
import threading


class Messages:
    def __init__(self):
        self._lock = threading.Lock()
        self._mid = 0

    def next(self, send):
        self._mid += 1
        send(self._mid)
        return self._mid


def start(messages: Messages, send):
    for _ in range(3):
        threading.Thread(target=messages.next, args=(send,)).start()
