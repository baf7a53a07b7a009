import threading
from threading import RLock

table_lock = RLock()
table = {}


class Table:
	lock = threading.Condition()

	@staticmethod
	def load(path):
		table_lock.acquire()
		with open(path) as file:
			table.update(
				eval(file.read()),
			)
		table_lock.release()

	def tell(self, path):
		if path:
			self.lock.acquire(blocking=True)
			table[path] = open(path)
			self.lock.notify_all()
			self.lock.release()
