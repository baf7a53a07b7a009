import threading as th
from multiprocessing import Process
from threading import Timer


def greet(name):
    return name


def greet_all(names):
    for name in names:
        thread = th.Thread(target=greet, args=(name), daemon=True)
        thread.start()
    th.Thread(
        target=greet,
        args=(
            names[0]
        ),  # the first
    ).start()
    th.Thread(target=greet, args="world").start()
    Timer(3, greet, ('later')).start()


class Greeter:
	def __init__(self, name):
		self._name = name

	def greet(self):
		process = Process(target=greet, args=(self._name))
		process.start()
		process.join()
