# The worker reads what is made beside the pool: under the guard it would not be there in a child.
import os
from multiprocessing import Pool

pool = Pool(4)
root = os.getcwd()


def path_of(name):
    return os.path.join(root, name)


def joined(name):
    return path_of(name)


print(pool.map(joined, ["a", "b"]))
