# Whoever imports the module uses the manager: under the guard it would never be made.
from multiprocessing import Manager

manager = Manager()


def new_table():
    return manager.dict()
