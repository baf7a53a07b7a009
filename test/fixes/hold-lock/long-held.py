# Whoever takes a lock that others hold while they wait, waits as long.
import socket
import threading
import queue
import subprocess


class Client:
    def __init__(self, host):
        self._lock = threading.Lock()
        self._socket = socket.create_connection((host, 80))
        self._asked = 0

    def ask(self, text):
        with self._lock:
            self._asked += 1
            self._socket.sendall(text)
            return self._socket.recv(100)

    def reset(self):
        with self._lock:
            self._asked = 0

    def note(self):
        self._asked += 1


class Hand:
    def __init__(self):
        self._lock = threading.Lock()
        self._jobs = queue.Queue()
        self._asked = 0

    def ask(self, text):
        with self._lock:
            self._asked += 1
            self._wait()

    def _wait(self):
        return self._jobs.get()

    def reset(self):
        with self._lock:
            self._asked = 0

    def note(self):
        self._asked += 1


class Manual:
    def __init__(self):
        self._lock = threading.Lock()
        self._asked = 0

    def ask(self, text):
        self._lock.acquire()
        try:
            self._asked += 1
            subprocess.run(["a"])
        finally:
            self._lock.release()

    def reset(self):
        with self._lock:
            self._asked = 0

    def note(self):
        self._asked += 1


def start(items):
    for item in items:
        for f in (item.ask, item.note, item.reset):
            threading.Thread(target=f).start()
