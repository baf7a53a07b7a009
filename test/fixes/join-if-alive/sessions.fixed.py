import threading


class Session:
    def __init__(self, work):
        self._worker = threading.Thread(target=work)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def start(self):
        self._worker.start()

    def close(self):
        # Wait for the rest.
        if self._worker.is_alive():
            self._worker.join()  # may take long


class Reader:
	def __init__(self, work):
		self.thread = threading.Thread(target=work)

	def __enter__(self):
		return self

	def __exit__(self, *exc_info):
		if self.thread.is_alive():
			self.thread.join(
				5,
			)

	def read(self):
		self.thread.start()
