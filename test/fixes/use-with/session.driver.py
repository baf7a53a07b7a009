import os
import tempfile


class Item:
    def read(self):
        return "read"


class Connection:
    def __init__(self):
        self.sent = []

    def send(self, text):
        if text == "":
            raise OSError("closed")
        self.sent.append(text)

    def receive(self):
        return f"answer to {self.sent[-1]}"

    def load(self):
        return {"there": Item()}


def told(call, *arguments):
    try:
        print(call(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


def drive(module):
    session = module.Session(Connection())
    told(session.request, "one")
    told(session.request, "two")
    print(session._lock.locked())
    told(session.pick, "there")
    told(session.pick, "gone")
    print(session._lock.locked())
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notes")
        open(path, "w").close()
        session._slots.acquire()
        # It opens its file for reading.
        told(session.note, path, ["1"])
        told(session.note, path, [])
    told(session.request, "")
