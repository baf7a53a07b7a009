from threading import Lock


class Store:
	def __init__(self):
		self._guard = Lock()
		self._items = []

	def count(self):
		with self._guard:
			return len(self._items)

	def add(self, item):
		with self._guard:
			self._items.append(item)
			return self.count()
