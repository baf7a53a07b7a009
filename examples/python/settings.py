"""Settings that can be reloaded while requests are being answered."""

import json
import threading

DEFAULTS = {"size": 128, "quality": 80}


class Settings:
    def __init__(self):
        self._lock = threading.RLock()
        self._values = dict(DEFAULTS)

    def get(self, name):
        with self._lock:
            return self._values[name]

    def reload(self, path):
        with open(path) as file:
            changed = json.load(file)
        with self._lock:
            for name, value in changed.items():
                self._set_locked(name, value)

    def _set_locked(self, name, value):
        """The caller holds the lock."""
        if name not in DEFAULTS:
            raise KeyError(name)
        self._values[name] = value
