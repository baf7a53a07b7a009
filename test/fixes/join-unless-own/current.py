# It is always its own: there is nothing to ask.
import threading


def finish():
    threading.current_thread().join()
