"""The loop and a request ask for the connection at the same time."""


class Connection:
    closed = False
    autocommit = False


class Driver:
    def __init__(self):
        self.opened = 0

    def connect(self, _dsn, connect_timeout):
        self.opened += 1
        return Connection()


def drive(module):
    driver = Driver()
    database = module.Database(driver, "dsn")

    def check():
        assert driver.opened == 1, f"{driver.opened} connections were opened"

    return [database.connection, database.connection], check
