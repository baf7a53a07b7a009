import threading


def begin(work):
    thread = threading.Thread(
        target=work)
    # Go.
    thread.daemon = True
    thread.start()
