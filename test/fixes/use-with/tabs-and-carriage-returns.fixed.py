import threading
from threading import RLock

table_lock = RLock()
table = {}


class Table:
	lock = threading.Condition()

	@staticmethod
	def load(path):
		with table_lock:
			with open(path) as file:
				table.update(
					eval(file.read()),
				)

	def tell(self, path):
		if path:
			with self.lock:
				table[path] = open(path)
				self.lock.notify_all()
