import multiprocessing as mp
from concurrent.futures import ThreadPoolExecutor, as_completed


def thumbnails(paths, render):
    # One worker per core.
    pool = mp.Pool(
        mp.cpu_count(),
    )  # all of them
    sizes = pool.map(render, paths)

    # The sum is enough.
    return sum(sizes)


def fetch(urls, get):
	executor = ThreadPoolExecutor(8)
	futures = [executor.submit(get, url) for url in urls]
	text = """several
lines"""
	return text, [future.result() for future in as_completed(futures)]


class Renderer:
    def render(self, pages):
        if pages:
            executor = ThreadPoolExecutor(max_workers=len(pages))
            for page in executor.map(self.draw, pages):
                print(page)
            return list(executor.map(str, pages))
        return []

    def draw(self, page):
        return page
