import threading
from multiprocessing import Process


class Worker(threading.Thread):
    def __init__(self, number):
        super().__init__()
        self.number = number

    def run(self):
        self.number += 1


def run_all(jobs):
    workers = [Worker(number) for number in jobs]
    for worker in workers:
        # One after the other.
        worker.run()  # each
    for worker in workers:
        worker.join()


def run_process(job):
    process = Process(
        target=job,
    )
    process.run(
    )
    process.join()
