"""Children that send much, read in time."""
import multiprocessing
from multiprocessing import Process, Queue


def square(results, number):
    results.put([number ** 2] * 100000)


def send_square(connection, number):
    connection.send([number ** 2] * 100000)
    connection.close()


def one(number):
    results = Queue()
    process = Process(target=square, args=(results, number))
    process.start()
    # It takes a while.
    value = results.get()
    process.join()  # for good
    return value


def several(numbers):
	result = multiprocessing.Queue()
	processes = [multiprocessing.Process(target=square, args=(result, number)) for number in numbers]
	for process in processes:
		process.start()
	result2 = [
		result.get()
		for _ in processes
	]
	for process in processes:
		process.join()
	return result2


def named(number):
    here, there = multiprocessing.Pipe()
    process = Process(target=send_square, args=(there, number))
    process.start()
    found = here.recv()
    process.join()
    return found
