import threading


class Tickets:
    def __init__(self):
        self._lock = threading.Lock()
        self._left = 100
        self._sold = []

    def sell(self, buyer):
        with self._lock:
            left = self._left
        if left > 0:
            # There is one.
            with self._lock:
                self._left = left - 1
                self._sold.append(buyer)
            return True
        return False


def main():
    tickets = Tickets()
    for number in range(200):
        threading.Thread(target=tickets.sell, args=(number,)).start()
