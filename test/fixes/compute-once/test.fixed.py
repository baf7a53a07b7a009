import threading
from concurrent.futures import ThreadPoolExecutor


class cached:
	def __init__(self, make):
		self._make = make
		self._name = make.__name__
		self._lock = threading.RLock()

	def __get__(self, instance, owner=None):
		if instance is None:
			return self
		if self._name not in instance.__dict__:
			with self._lock:
				if self._name not in instance.__dict__:
					instance.__dict__[self._name] = self._make(instance)  # once
		return instance.__dict__[self._name]


class App:
	def __init__(self, connect):
		self.connect = connect

	@cached
	def link(self):
		return Link(self.connect)


class Link:
	def __init__(self, connect):
		self.socket = connect()

	def send(self, text):
		self.socket.send(text)


def work(app):
	app.link.send('hello')


def main(connect):
	app = App(connect)
	with ThreadPoolExecutor() as pool:
		for _ in range(3):
			pool.submit(work, app)
