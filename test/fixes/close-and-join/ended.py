# Somebody wants it to end at once, or the end of the block is not reached.
from multiprocessing import Pool


def terminated(paths, convert):
    pool = Pool(4)
    pool.map_async(convert, paths, error_callback=print)
    pool.terminate()


def returned(paths, convert):
    with Pool(4) as pool:
        pool.map_async(convert, paths, error_callback=print)
        return len(paths)


def closed_in_a_line(paths, convert):
    pool = Pool(4)
    pool.map_async(convert, paths, error_callback=print)
    pool.close(); print("closed")
