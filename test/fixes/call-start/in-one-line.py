import threading


def tick():
	return 1


def once(): threading.Thread(target=tick, daemon=True).run()


def timed():
	timer = threading.Timer(5, tick); timer.run()
