# What is handed over may be a tuple already, or the result of a call; too few arguments are no matter of commas.
import threading


def add(left, right):
    return left + right


def pair():
    return 1, 2


def start(args, both):
    threading.Thread(target=add, args=(args)).start()
    threading.Thread(target=add, args=(pair())).start()
    threading.Thread(target=add, args=(1,)).start()
    threading.Thread(target=add).start()
