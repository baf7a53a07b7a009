# The error is caught, the value comes later, or the two stand on one line or in two blocks.
import threading


def caught(work):
    thread = threading.Thread(target=work)
    thread.start()
    try:
        thread.daemon = True
    except RuntimeError:
        pass


def later(work, options):
    thread = threading.Thread(target=work)
    thread.start()
    thread.daemon = options.pop("daemon")


def short(work):
    thread = threading.Thread(target=work)
    thread.start(); thread.daemon = True


def inside(work, lock):
    thread = threading.Thread(target=work)
    thread.start()
    with lock:
        thread.daemon = True
