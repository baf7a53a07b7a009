import threading


class Messages:
    """What is read behind a change is what was just written."""

    def __init__(self):
        self._lock = threading.Lock()
        self._mid = 0

    def next(self):
        with self._lock:
            self._mid += 1
            if self._mid > 65535:
                self._mid = 1
            return self._mid

    def next_of(self, many):
        with self._lock:
            if many:
                self._mid += many
            else:
                self._mid += 1
            # The last of them.
            return self._mid

    def tried(self):
        with self._lock:
            try:
                self._mid += 1
            except OverflowError:
                pass
            first = 1
            return self._mid + first

    def each(self, names):
        for name in names:
            with self._lock:
                self._mid += 1
                print(name, self._mid)


class Server:
    def __init__(self, serve):
        self._serve = serve
        self._busy = 0
        self._lock = threading.Lock()

    def handle(self, request):
        with self._lock:
            self._busy += 1
        try:
            self._serve(request)
        finally:
            with self._lock:
                self._busy -= 1


def start(messages: Messages, server: Server):
    for number in range(3):
        threading.Thread(target=messages.next).start()
        threading.Thread(target=messages.next_of, args=(number,)).start()
        threading.Thread(target=messages.tried).start()
        threading.Thread(target=messages.each, args=("ab",)).start()
        threading.Thread(target=server.handle, args=(number,)).start()
