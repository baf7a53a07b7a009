import threading


class Counter:
    """Counts what several threads report."""

    def __init__(self):
        self._lock = threading.Lock()
        self._seen = 0
        self._notes = ""

    def report(self, amount):
        with self._lock:
            self._seen += amount
            self._notes += "report\n"

    def correct(self, amount):
        with self._lock:
            self._seen -= amount  # a comment stays where it is
        with self._lock:
            self._notes += """corrected
    by hand
"""


COUNTER = Counter()


def work():
    COUNTER.report(1)
    COUNTER.correct(1)


def main():
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
