# The end of each is needed in its round, an iterator is used up, or there may be far too many.
import threading


def work(number):
    return number


def until_enough(limit):
    for number in range(10):
        thread = threading.Thread(target=work, args=(number,))
        if number > limit:
            return number
        thread.start()
        thread.join()
    return None


def with_look(results):
    for number in range(10):
        thread = threading.Thread(target=work, args=(number,))
        thread.start()
        thread.join()
        print(results)


def of_an_iterator():
    threads = iter([threading.Thread(target=work, args=(number,)) for number in range(4)])
    for thread in threads:
        thread.start()
        thread.join()


def of_any(items):
    for item in items:
        thread = threading.Thread(target=work, args=(item,))
        thread.start()
        thread.join()


def short():
    for number in range(10):
        thread = threading.Thread(target=work, args=(number,))
        thread.start(); thread.join()
