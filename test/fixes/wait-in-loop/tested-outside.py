import threading

ready = False
changed = threading.Condition()


def finish():
    global ready
    with changed:
        ready = True
        changed.notify_all()


def await_it():
    while not ready:
        with changed:
            changed.wait()
    print("ready")


def await_once():
    if not ready:
        with changed:
            changed.wait()
    print("ready")
