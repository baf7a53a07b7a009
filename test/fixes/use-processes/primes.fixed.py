from concurrent.futures import ProcessPoolExecutor


def primes_below(limit):
    found = []
    for candidate in range(2, limit):
        for divisor in range(2, candidate):
            if candidate % divisor == 0:
                break
        else:
            found.append(candidate)
    return found


def all_primes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:  # four at a time
        return list(pool.map(primes_below, limits))
