# A with statement would wait for what nobody waits for now, or end what is still under way.
import multiprocessing
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait


def first_of(hosts, ask):
    executor = ThreadPoolExecutor(8)
    futures = [executor.submit(ask, host) for host in hosts]
    done, _ = wait(futures, return_when=FIRST_COMPLETED)
    return done.pop().result()


def in_time(hosts, ask):
    executor = ThreadPoolExecutor(8)
    futures = [executor.submit(ask, host) for host in hosts]
    return [future.result() for future in as_completed(futures, timeout=5)]


def started(hosts, ask):
    executor = ThreadPoolExecutor(8)
    for host in hosts:
        executor.submit(ask, host)


def one_by_one(hosts, ask):
    pool = multiprocessing.Pool(8)
    return pool.imap(ask, hosts)


def short(hosts, ask):
    pool = multiprocessing.Pool(8); return pool.map(ask, hosts)


def later(hosts, ask):
    pool = multiprocessing.Pool(8)
    return [(lambda host=host: pool.map(ask, [host])) for host in hosts]
