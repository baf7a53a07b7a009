"""Tabs, and lines that end as on Windows."""
import threading as t
from typing import Optional

DEBUG = False

# Guards the output.
_lock: Optional[t.Lock] = t.Lock()


def lock():
	return _lock


def work():
	with lock():
		print('alone')


for _ in range(2):
	t.Thread(target=work).start()
