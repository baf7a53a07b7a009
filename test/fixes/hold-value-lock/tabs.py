from multiprocessing import Process, Value


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
