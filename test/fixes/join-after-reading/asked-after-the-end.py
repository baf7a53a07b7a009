# What is asked of the queue or of the process is right only after the end.
import multiprocessing
from multiprocessing import Process, Queue


def square(results, number):
    results.put([number ** 2] * 100000)


def all_that_is_there(numbers):
    results = Queue()
    workers = [Process(target=square, args=(results, number)) for number in numbers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = []
    while not results.empty():
        found.append(results.get_nowait())
    return found


def if_it_went_well(number):
    results = multiprocessing.Queue()
    process = Process(target=square, args=(results, number))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(number)
    return results.get()


def in_time(number):
    results = Queue(1)
    process = Process(target=square, args=(results, number))
    process.start()
    process.join(30)
    return results.get()


def in_a_line(number):
    results = Queue()
    process = Process(target=square, args=(results, number))
    process.start(); process.join()
    return results.get()


def told_first(number):
    results = Queue()
    process = Process(target=square, args=(results, number))
    process.start()
    process.join()
    print("joined")
    return results.get()
