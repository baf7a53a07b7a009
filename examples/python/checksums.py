"""Prints a checksum of every stored file, computed by a pool of processes."""

import hashlib
import os
import sys
from concurrent.futures import ProcessPoolExecutor


def checksum(path):
    with open(path, "rb") as file:
        return path, hashlib.sha256(file.read()).hexdigest()


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    paths = [os.path.join(root, name) for name in os.listdir(root)]
    with ProcessPoolExecutor() as pool:
        for path, digest in pool.map(checksum, paths):
            print(digest, path)


if __name__ == "__main__":
    main()
