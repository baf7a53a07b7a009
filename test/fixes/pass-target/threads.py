import threading
from threading import Thread as T, Timer
from multiprocessing import Process


def work(first=1, second=2, *, scale=1):
    return len(str(first * second * scale))


class Service:
    def __init__(self, names):
        self._names = names

    def _serve(self, *names):
        self._names = names

    def start(self):
        self._thread = T(target=self._serve(*self._names), name="service")
        self._thread.start()
        self._thread.join()


def start_all(options):
    plain = threading.Thread(target=work())
    one = threading.Thread(target=work(1), daemon=True)
    several = Process(
        name="several",
        target=work(1, 2, scale=3),  # the work
    )
    any_way = T(target=work(
        1,
        **options
    ))
    later = Timer(5, work(1))
    for each in (plain, one, several, any_way, later):
        each.start()
    for each in (plain, one, several, any_way, later):
        each.join()
