import threading


class Tickets:
    def __init__(self):
        self._lock = threading.Lock()
        self._last = 0
        self._names = []

    def reset(self):
        with self._lock:
            self._last = 0
            self._names = []

    def skip(self):
        with self._lock:
            self._last += 1

    def rename(self, name):
        with self._lock:
            self._names = [name]

    def draw(self):
        with self._lock:
            self._last += 1
            if self._last > 999:
                print("many")
            return self._last

    def draw_for(self, send):
        with self._lock:
            self._names += ["x"]
        send(self._names)


def work(tickets: Tickets):
    tickets.draw()
    tickets.draw_for(print)
    tickets.skip()
    tickets.rename("a")
    tickets.reset()


def start(tickets: Tickets):
    for _ in range(3):
        threading.Thread(target=work, args=(tickets,)).start()
