import threading

from drivers import Connection


class Store:
    def __init__(self, host):
        self.host = host
        self._link = None
        self._lock = threading.Lock()

    @property
    def link(self):
        """The one connection of this store."""
        with self._lock:
            if self._link is None:
                self._link = Connection(
                    self.host,
                    greeting="""
hello
""",
                )
            return self._link

    def close(self):
        with self._lock:
            if self._link is not None:
                self._link.close()
                self._link = None

    def ping(self):
        self.link.ping()


STORE = Store("localhost")


def serve():
    for _ in range(4):
        threading.Thread(target=STORE.ping).start()
