import urllib.request
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def fetch(url):
    return urllib.request.urlopen(url, timeout=5).read()


def mirror(urls):
    with ThreadPoolExecutor(4) as pool:
        # All at once.
        for url in urls:
            if url:
                print(url)
            pool.submit(fetch, url)  # no answer wanted


def mirror_in_comprehension(urls):
	with ThreadPoolExecutor(4) as pool, open("log") as log:
		[pool.submit(fetch, url) for url in urls]
		log.write("begun")


def mirror_one(futures, url):
    with ProcessPoolExecutor() as pool:
        pool.submit(
            fetch,
            url,
        )
        print("begun", futures)
    return url
