"""Asked for elsewhere, set back, pickled, shown before it is set up, more done beside it, with an unknown base, by others' calls."""
import threading

from frames import Frame


class Asked:
    def __init__(self):
        self._lock = None

    def use(self):
        if self._lock is None:
            self._lock = threading.Lock()
        with self._lock:
            print('used')

    def is_used(self):
        return self._lock is not None


class Reset:
    def __init__(self):
        self._reset_lock = None

    def use(self):
        if self._reset_lock is None:
            self._reset_lock = threading.Lock()
        with self._reset_lock:
            print('used')

    def after_fork(self):
        self._reset_lock = None


class Saved:
    def __init__(self):
        self._state_lock = None

    def __getstate__(self):
        return {}

    def use(self):
        if self._state_lock is None:
            self._state_lock = threading.Lock()
        with self._state_lock:
            print('used')


class Shown:
    def __init__(self, registry):
        registry.append(self)
        self.name = 'shown'

    def use(self):
        if not hasattr(self, '_shown_lock'):
            self._shown_lock = threading.Lock()
        with self._shown_lock:
            print('used')


class More:
    def __init__(self):
        self.users = 0
        self._more_lock = None

    def use(self):
        if self._more_lock is None:
            self._more_lock = threading.Lock()
            self.users = 1
        with self._more_lock:
            print('used')


class Window(Frame):
    def use(self):
        if not hasattr(self, '_window_lock'):
            self._window_lock = threading.Lock()
        with self._window_lock:
            print('used')


class Called:
    def __init__(self):
        self._called_lock = None

    def prepare(self):
        if self._called_lock is None:
            self._called_lock = threading.Lock()

    def use(self):
        self.prepare()
        with self._called_lock:
            print('used')


class Named:
    def __init__(self):
        self._named_lock = None

    def use(self):
        if self._named_lock is None: self._named_lock = threading.Lock()
        with self._named_lock:
            print('used')


def main(registry):
    for each in (Asked(), Reset(), Saved(), Shown(registry), More(), Window(), Called(), Named()):
        for _ in range(2):
            threading.Thread(target=each.use).start()
