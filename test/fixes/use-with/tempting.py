# A with statement would change more here than the way out after an error.
import threading


class Session:
    def __init__(self, connection):
        self._connection = connection
        self._lock = threading.Lock()
        self._table = {}

    def on_one_line(self, text):
        self._lock.acquire(); self._connection.send(text)
        self._lock.release()

    def with_a_note(self, text):
        self._lock.acquire()
        self._connection.send(text)
        self._lock.release()  # from here on others may ask

    def works_after_the_release(self, name):
        self._lock.acquire()
        found = self._connection.find(name)
        if found is None:
            self._lock.release()
            return self._connection.make(name)
        self._lock.release()
        return found

    def another_lock_by_then(self, text):
        self._lock.acquire()
        old, self._lock = self._lock, threading.Lock()
        self._connection.send(text)
        self._lock.release()
        return old

    def goes_on_without(self, names):
        self._lock.acquire()
        for name in names:
            if self._connection.find(name):
                self._lock.release()
                break
        else:
            self._lock.release()

    def says_what_was_there(self, name, describe):
        self._lock.acquire()
        self._connection.send(name)
        if not name:
            self._lock.release()
            raise KeyError(describe())
        self._lock.release()

    def kept_for_the_caller(self, name, give_back=True):
        self._lock.acquire()
        self._table[name] = self._connection.find(name)
        if give_back:
            self._lock.release()

    def given_back_after_some_errors(self, name):
        self._lock.acquire()
        try:
            self._table[name] = self._connection.find(name)
        except OSError:
            self._lock.release()
            raise


class NoLock:
    def acquire(self):
        pass

    def release(self):
        pass


class Guarded:
    def __init__(self, connection, lock=None, shared=True):
        self._connection = connection
        self._lock = lock or threading.Lock()
        self._gate = threading.Lock() if shared else NoLock()

    def with_a_lock_of_others(self, text):
        self._lock.acquire()
        self._connection.send(text)
        self._lock.release()

    def with_what_is_no_lock(self, text):
        self._gate.acquire()
        self._connection.send(text)
        self._gate.release()


slots = threading.Semaphore(3)


def given_back_by_the_job(pool, job, closed):
    slots.acquire()
    if closed():
        slots.release()
        raise RuntimeError("closed")
    future = pool.submit(job)
    future.add_done_callback(lambda _: slots.release())
    return future
