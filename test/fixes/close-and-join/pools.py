import multiprocessing
from multiprocessing.pool import ThreadPool


def convert_all(paths, convert):
    with multiprocessing.Pool(4) as pool:
        for path in paths:
            pool.apply_async(convert, (path,), error_callback=print)
            # The next one.


def convert_later(paths, convert):
	with multiprocessing.Pool() as workers:
		result = workers.map_async(convert, paths)  # later
	return result.get()


def close_only(paths, convert):
    pool = ThreadPool(4)
    for path in paths:
        pool.apply_async(convert, (path,), error_callback=print)
    pool.close()  # no more
