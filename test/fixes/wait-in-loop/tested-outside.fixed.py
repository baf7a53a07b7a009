import threading

ready = False
changed = threading.Condition()


def finish():
    global ready
    with changed:
        ready = True
        changed.notify_all()


def await_it():
    with changed:
        while not ready:
            changed.wait()
    print("ready")


def await_once():
    with changed:
        while not ready:
            changed.wait()
    print("ready")
