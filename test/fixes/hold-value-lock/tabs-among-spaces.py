"""Tabs in a file of spaces: nothing is put deeper there."""
from multiprocessing import Process, Value

SIZES = {
    "small": 1,
}


def add(total, numbers):
	for number in numbers:
		total.value = total.value + (
			number
		)


def add_all(parts):
	total = Value("d", 0.0)
	workers = [Process(target=add, args=(total, part)) for part in parts]
	for worker in workers:
		worker.start()
	for worker in workers:
		worker.join()
	return total.value
