"""Two tasks store their results while the connection is being made."""


class Session:
    def prepare(self, text):
        return text

    def execute(self, statement, _values):
        assert statement is not None, "a statement was not prepared yet"


class Driver:
    def __init__(self):
        self.clusters = 0

    def Cluster(self, _servers, port):
        self.clusters += 1
        return self

    def connect(self, _keyspace):
        return Session()


def drive(module):
    driver = Driver()
    backend = module.ResultBackend(driver, ["host"], "results")

    def check():
        assert driver.clusters == 1, f"{driver.clusters} connections were made"

    return [lambda: backend.store(1, "SUCCESS", 1), lambda: backend.store(2, "SUCCESS", 2)], check
