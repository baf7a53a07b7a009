class Connection:
    def __init__(self):
        self.failures = 1

    def execute(self, statement):
        if statement == "BEGIN" and self.failures:
            self.failures -= 1
            raise OSError("no connection")


def drive(module):
    transaction = module.Transaction(Connection())

    def work():
        try:
            with transaction:
                pass
        except OSError:
            pass

    return [work, work], lambda: None
