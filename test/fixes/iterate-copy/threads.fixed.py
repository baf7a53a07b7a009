import threading
import time


class Watchers:
    def __init__(self):
        self._lock = threading.Lock()
        self._by_name = {}
        self.seen = set()

    def add(self, name, watcher):
        with self._lock:
            self._by_name[name] = watcher
        self.seen.add(name)

    def remove(self, name):
        with self._lock:
            self._by_name.pop(name, None)
        self.seen.discard(name)

    def poll(self):
        while True:
            with self._lock:
                by_name_now = list(self._by_name.items())
            for name, watcher in by_name_now:  # each of them
                if watcher.is_stale():
                    time.sleep(0.1)
            for name in list(self.seen):
                print(name)


WATCHERS = Watchers()


def work():
    WATCHERS.add("a", object())
    WATCHERS.remove("a")


def main():
    threading.Thread(target=WATCHERS.poll).start()
    for _ in range(3):
        threading.Thread(target=work).start()
