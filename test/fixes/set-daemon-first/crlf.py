import threading


def begin(work):
    thread = threading.Thread(
        target=work)
    # Go.
    thread.start()
    thread.daemon = True