"""Tabs, and lines that end as on Windows."""
import threading as t
from typing import Optional

DEBUG = False

# Guards the output.
_lock: Optional[t.Lock] = None


def lock():
	global _lock

	# Only where it is needed.
	if _lock is None:
		_lock = t.Lock()  # once

	return _lock


def work():
	with lock():
		print('alone')


for _ in range(2):
	t.Thread(target=work).start()
