# Nothing here is the program: under a guard the method would never be set.
import multiprocessing

multiprocessing.set_start_method("spawn")


def run(job):
    process = multiprocessing.Process(target=job)
    process.start()
    process.join()
