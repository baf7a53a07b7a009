import threading


class Ledger:
    def __init__(self):
        self.book = threading.Lock()
        self.desk = threading.Lock()
        self.lines = []

    def write(self, line):
        with self.book:
            with self.desk:
                self.lines.append(line)

    def strike(self):
        with self.book, self.desk:
            self.lines.pop()

    def read(self, wanted):
        with self.desk as desk:
            with self.book:
                return [desk, *self.lines]


class ByHand:
    def __init__(self):
        self.front = threading.Lock()
        self.back = threading.Lock()
        self.held = 0

    def enter(self):
        with self.front, self.back:
            self.held += 1

    def leave(self):
        with self.front, self.back:
            self.held -= 1

    def look(self):
        self.back.acquire()
        print(self.held)
        self.front.acquire()
        try:
            return self.held
        finally:
            self.front.release()
            self.back.release()
