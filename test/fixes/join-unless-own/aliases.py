import threading as th
from threading import current_thread as me


class Reader:
	def __init__(self, stream):
		self._stream = stream
		self._thread = th.Thread(target=self._run, daemon=True)
		self._thread.start()

	def _run(self):
		while True:
			line = self._stream.readline()
			if not line:
				self.close(me().name)

	def close(self, name):
		self._thread.join()  # by anybody
