import urllib.request
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


def mirror(urls):
    with ThreadPoolExecutor(4) as pool:
        # All at once.
        futures = []
        for url in urls:
            if url:
                print(url)
            futures.append(pool.submit(fetch, url))  # no answer wanted
        for future in futures:
            future.result()


def mirror_in_comprehension(urls):
	with ThreadPoolExecutor(4) as pool, open("log") as log:
		futures = [pool.submit(fetch, url) for url in urls]
		log.write("begun")
		for future in futures:
			future.result()


def mirror_one(futures, url):
    with ProcessPoolExecutor() as pool:
        future = pool.submit(
            fetch,
            url,
        )
        print("begun", futures)
        future.result()
    return url
