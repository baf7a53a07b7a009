import threading
from multiprocessing import Process


def work():
    return 1


def begin():
    thread = threading.Thread(target=work)
    thread.daemon = True  # ends with the program
    thread.start()
    return thread


class Service:
	def start(self):
		self._process = Process(target=work)
		self._process.daemon = True
		self._process.start()
		name = self._process.name
		return name


thread = threading.Thread(target=work)
thread.setDaemon(True)
thread.start()
