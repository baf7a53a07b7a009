import multiprocessing
from threading import Thread, Timer


def tick(times=1):
    return times


def start(seconds):
    Thread(target=tick, daemon=True).start()
    Thread(target=tick, args=(3,)).start()
    Timer(seconds * 2, tick).start()
    process = multiprocessing.Process(target=tick)
    process.start()
    process.join()
