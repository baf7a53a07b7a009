# A class and a default argument use what would move.
from multiprocessing import Manager

manager = Manager()
print(manager.address)


class Registry:
    entries = manager.dict()


def add(name, table=manager.list()):
    table.append(name)


add("first")
