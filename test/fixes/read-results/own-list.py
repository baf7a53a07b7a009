# list() is something else here.
from concurrent.futures import ThreadPoolExecutor


def list(folder):
    return folder.names


def store(record):
    with open(record["path"], "w") as stream:
        stream.write(record["text"])


def store_all(records):
    with ThreadPoolExecutor() as executor:
        executor.map(store, records)
