# The object is what the module is imported for.
import multiprocessing as mp


def serve(requests):
    while True:
        requests.get()


class Client:
    def __init__(self):
        self._requests = mp.Queue()
        self._server = mp.Process(target=serve, args=(self._requests,), daemon=True)
        self._server.start()


client = Client()
