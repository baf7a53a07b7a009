import multiprocessing
import subprocess


class Player:
    def __init__(self, command):
        self._process = subprocess.Popen(command)

    def stop(self):
        # At once.
        self._process.kill()  # no mercy
        self._process.wait()

    def pause(self, hard):
        if hard:
            self._process.terminate()
            self._process.wait()


class Server:
	def __init__(self):
		self._worker = None

	def restart(self):
		if self._worker is not None:
			self._worker.terminate()
			self._worker.join()
		self._worker = multiprocessing.Process(target=self._serve)
		self._worker.start()

	def _serve(self):
		return 1
