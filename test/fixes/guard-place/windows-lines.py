import threading


class Meter:
    def __init__(self):
        self.total = 0

    def add(self, n):
        # one more
        self.total += n
        return self.total


meter = Meter()
for i in range(4):
    threading.Thread(target=meter.add, args=(i,)).start()
