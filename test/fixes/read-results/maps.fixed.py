from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool


def store(record):
    with open(record["path"], "w") as stream:
        stream.write(record["text"])


def store_all(records):
    with ThreadPoolExecutor() as executor:
        list(executor.map(  # all of them
            store,
            records,
        ))


def store_counted(records):
	with ThreadPoolExecutor() as executor:
		results = list(executor.map(store, records)); print(len(records))
	return len(records)


def store_in_pool(pool: ThreadPool, records):
    list(pool.imap_unordered(store, records))
    pool.close()
    pool.join()
