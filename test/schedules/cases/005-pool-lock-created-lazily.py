"""Two threads open the pool for the first time, each with a lock of its own."""


def drive(module):
    pool = module.ConnectionPool(object, min_size=1, num_workers=1)
    started = []
    pool._start_workers = lambda: started.append(1)

    def check():
        assert len(started) == 1, f"workers were started {len(started)} times"

    return [pool.open, pool.open], check
