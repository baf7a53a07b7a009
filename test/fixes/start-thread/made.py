import threading
from multiprocessing import Process


def work():
    return 1


def begin():
    thread = threading.Thread(target=work)
    # It may end with the program.
    thread.daemon = True
    thread.setName("worker")  # for the log
    return "begun"


def compute():
	process = Process(
		target=work,
	)
	process.join()


def later():
    threading.Timer(5, work)


def both(fast):
    if fast:
        process = Process(target=work); process.join()
    else:
        threading.Thread(
            target=work,
            daemon=True,
        )
