from __future__ import annotations

from threading import Lock as Mutex
from threading import Thread

NEXT_NUMBER = 1
names: dict[str, int] = {}
_quiet = Mutex()


def number_of(name):
	global NEXT_NUMBER
	if name not in names:
		names[name] = NEXT_NUMBER
		NEXT_NUMBER += 1
	return names[name]


def main():
	for name in ["a", "b"]:
		Thread(target=number_of, args=(name,)).start()
