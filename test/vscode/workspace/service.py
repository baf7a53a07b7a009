"""Starts the threads that share one counter."""

import threading

from counter import Counter

counter = Counter()


def work():
    for _ in range(1000):
        counter.add(1)


def main():
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
