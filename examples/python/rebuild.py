"""Renders all thumbnails of a folder anew, on all cores. Run by hand after an upgrade."""

import multiprocessing
import os
import sys

from thumbnails import render


def rebuild(path):
    with open(path, "rb") as file:
        return path, len(render(file.read(), 128))


root = sys.argv[1] if len(sys.argv) > 1 else "."
paths = [os.path.join(root, name) for name in os.listdir(root)]

# Threads would wait for each other here: rendering holds the GIL.
pool = multiprocessing.Pool()
for path, size in pool.imap_unordered(rebuild, paths):
    print(path, size)
pool.close()
pool.join()
