"""Files on disk, and the sweeper that removes those nobody asked for in a while."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog import Catalog

KEEP_SECONDS = 3600


class Storage:
    def __init__(self, root):
        self._catalog = None
        self._root = root
        self._lock = threading.Lock()
        self._pinned = {}

    def attach(self, catalog: Catalog):
        """Who is to know when a file goes. Called once, before any thread is started."""
        self._catalog = catalog

    def read(self, path):
        with open(os.path.join(self._root, path), "rb") as file:
            return file.read()

    def pin(self, path):
        with self._lock:
            self._pinned[path] = time.time() + KEEP_SECONDS

    def sweep_forever(self):
        while True:
            time.sleep(60)
            self.sweep()

    def sweep(self):
        now = time.time()
        with self._lock:
            expired = [path for path, until in self._pinned.items() if until < now]
            for path in expired:
                del self._pinned[path]
                self._remove(path)

    def _remove(self, path):
        try:
            os.remove(os.path.join(self._root, path))
        except FileNotFoundError:
            pass
        self._catalog.forget(path)
