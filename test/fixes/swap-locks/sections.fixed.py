import threading


class Ledger:
    def __init__(self):
        self.book = threading.Lock()
        self.desk = threading.Lock()
        self.lines = []

    def write(self, line):
        with self.book, self.desk:
            self.lines.append(line)

    def strike(self):
        with self.book:
            with self.desk:
                self.lines.pop()

    def read(self):
        with self.book, self.desk:  # first the desk
            count = len(self.lines)
            # then the book
            count += 1
            return [
                count,
                *self.lines,
            ]


class Names:
    def __init__(self):
        self.first = threading.Lock()
        self.last = threading.Lock()
        self.names = []

    def add(self, name):
        with self.first, self.last:
            self.names.append(name)

    def drop(self):
        with self.first, self.last:
            self.names.clear()

    def count(self):
        with self.first, self.last:
            return len(self.names)


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
		self.front.acquire()
		self.back.acquire()
		try:
			return self.held
		finally:
			self.front.release()
			self.back.release()
