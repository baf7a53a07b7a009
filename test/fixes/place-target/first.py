import multiprocessing
from threading import Thread, Timer


def tick(times=1):
    return times


def start(seconds):
    Thread(tick, daemon=True).start()
    Thread(tick, (3,)).start()
    Timer(tick, seconds * 2).start()
    process = multiprocessing.Process(tick)
    process.start()
    process.join()
