import threading
import time


class Topic:
	def __init__(self):
		self._lock = threading.Lock()
		self._subscribers = []
		self._last = None

	def subscribe(self, callback):
		with self._lock:
			self._subscribers.append(callback)

	def publish(self, message):
		with self._lock:
			self._last = message
			for callback in self._subscribers:
				callback(message)

	def last(self):
		with self._lock:
			return self._last

	def describe(self, name):
		with self._lock:
			text = f"{name}: {len(self._subscribers)}"
			return text + str(self.last())

	def rest(self):
		with self._lock:
			self._last = None
			time.sleep(0.5)


class Once:
	def __init__(self, topic):
		self._topic = topic
		topic.subscribe(self.on_message)

	def on_message(self, message):
		self._topic.subscribe(print)
