"""Rendered thumbnails, kept in memory until there are too many."""

import threading
import zlib


def render(data, size):
    """Stands in for real image work: something that takes a while and needs no lock."""
    return zlib.compress(data[: size * size], 9)


class ThumbnailCache:
    """Shared by all workers. The lock guards the entries and the order in which they were used."""

    def __init__(self, capacity):
        self._capacity = capacity
        self._lock = threading.Lock()
        self._entries = {}
        self._order = []

    def get(self, path):
        with self._lock:
            entry = self._entries.get(path)
            if entry is not None:
                self._order.remove(path)
                self._order.append(path)
            return entry

    def put(self, path, thumbnail):
        with self._lock:
            if path not in self._entries:
                self._order.append(path)
            self._entries[path] = thumbnail
        if len(self._order) > self._capacity:
            self._evict()

    def _evict(self):
        # Drop a tenth at once, so that we are not back here with the next image.
        for _ in range(self._capacity // 10):
            oldest = self._order.pop(0)
            del self._entries[oldest]

    def clear(self):
        with self._lock:
            self._entries.clear()
            self._order.clear()
