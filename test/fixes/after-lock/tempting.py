import threading
import time


class Account:
    def __init__(self):
        self._lock = threading.Lock()
        self._balance = 0
        self._log = []

    def deposit(self, amount):
        with self._lock:
            self._balance += amount
            self._log.append(amount)

    def deposit_all(self, amounts):
        with self._lock:
            for amount in amounts:
                self.deposit(amount)

    def deposit_and_note(self, amount):
        with self._lock:
            self.deposit(amount)
            self._log.append("done")

    def deposit_and_change(self, amount):
        with self._lock:
            self._log.clear()
            self._balance = self.doubled(amount)

    def doubled(self, amount):
        with self._lock:
            return self._balance + 2 * amount

    def deposit_each(self, amounts):
        with self._lock:
            self._log.clear()
            for amount in amounts:
                self.deposit(amount + self._balance)

    def in_one_line(self, amount):
        with self._lock: self._log.clear(); self.deposit(amount)


class Pauses:
    def __init__(self):
        self._lock = threading.Lock()
        self._pauses = {}

    def set(self, name, seconds):
        with self._lock:
            self._pauses[name] = seconds

    def replace(self, pauses):
        with self._lock:
            self._pauses = pauses

    def pause(self, name):
        with self._lock:
            self._pauses[name] = 1
            time.sleep(self._pauses[name])

    def pause_for_all(self):
        with self._lock:
            self._pauses["all"] = 1
            time.sleep(sum(self._pauses.values()) + len(self._pauses))
