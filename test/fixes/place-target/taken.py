# Two functions, or arguments that say something already: what is meant is not told.
from threading import Thread, Timer


def tick(times=1):
    return times


def start(options):
    Thread(tick, tick).start()
    Thread(tick, target=tick).start()
    Thread(tick, (1,), args=(2,)).start()
    Thread(tick, **options).start()
    Timer(tick, interval=3).start()
