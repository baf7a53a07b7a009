import threading
from multiprocessing import Process


def work():
    return 1


def begin():
    thread = threading.Thread(target=work)
    thread.start()
    thread.daemon = True  # ends with the program
    return thread


class Service:
	def start(self):
		self._process = Process(target=work)
		self._process.start()
		name = self._process.name
		self._process.daemon = True
		return name


thread = threading.Thread(target=work)
thread.start()
thread.setDaemon(True)
