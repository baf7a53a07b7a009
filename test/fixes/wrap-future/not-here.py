import concurrent.futures


async def results(jobs: list[concurrent.futures.Future]):
    return sum(job.result() for job in jobs)


def plainly(pool: concurrent.futures.ThreadPoolExecutor):
    return pool.submit(print).result()
