import threading


class Gate:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = []

    def step(self, wait):
        self._lock.acquire()
        if wait:
            self._lock.release()
            print("waits")
            return None
        if not self._items:
            return 0
        self._lock.release()
        return 1

    def switch(self, keep):
        self._lock.acquire()
        if keep:
            self._items.append(keep)
        else:
            self._lock.release()
            print(len(self._items))

    def kept_for_the_caller(self, item, give_back=True):
        self._lock.acquire()
        self._items.append(open(item))
        if give_back:
            self._lock.release()

    def kept_by_return(self, item, keep=False):
        self._lock.acquire()
        self._items.append(open(item))
        if keep:
            return self._items
        self._lock.release()
        return None

    def more_behind(self, item):
        self._lock.acquire()
        if item in self._items:
            self._items.remove(item)
            self._lock.release()
        open(item)


slots = threading.Semaphore(3)


def given_back_by_the_job(pool, job, closed):
    slots.acquire()
    if closed():
        slots.release()
        raise RuntimeError("closed")
    future = pool.submit(job)
    future.add_done_callback(lambda _: slots.release())
    return future
