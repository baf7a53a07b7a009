import threading


class Meter:
    def __init__(self):
        self.total = 0
        self._lock = threading.Lock()

    def add(self, n):
        # one more
        with self._lock:
            self.total += n
            return self.total


meter = Meter()
for i in range(4):
    threading.Thread(target=meter.add, args=(i,)).start()
