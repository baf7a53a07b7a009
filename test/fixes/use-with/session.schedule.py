class Connection:
    def send(self, text):
        if text == "":
            raise OSError("closed")

    def receive(self):
        return "answer"


def drive(module):
    session = module.Session(Connection())

    def fail():
        try:
            session.request("")
        except OSError:
            pass

    return [fail, lambda: session.request("one")], lambda: None
