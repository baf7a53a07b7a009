from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait


def first_of(hosts, ask):
    executor = ThreadPoolExecutor(8)
    futures = [executor.submit(ask, host) for host in hosts]  # all at once
    executor.shutdown(wait=False)
    done, _ = wait(futures, return_when=FIRST_COMPLETED)
    return done.pop().result()


class Client:
	def ask_all(self, hosts):
		executor = ThreadPoolExecutor(max_workers=8)
		futures = []
		for host in hosts:
			futures.append(executor.submit(
				self.ask, host))
		executor.shutdown(wait=False)

		return [future.result() for future in as_completed(futures, timeout=5)]

	def ask(self, host):
		return len(host)
