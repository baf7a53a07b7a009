import concurrent.futures as cf


def longest(numbers):
	best = 0
	for n in numbers:
		steps = 0
		while n != 1:
			n = n // 2 if n % 2 == 0 else 3 * n + 1
			steps += 1
		best = max(best, steps)
	return best


def search(parts):
	pool = cf.ThreadPoolExecutor()
	futures = [pool.submit(longest, part) for part in parts]
	found = max(future.result() for future in futures)
	pool.shutdown()
	return found
