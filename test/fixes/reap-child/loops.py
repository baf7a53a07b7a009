# A coroutine must not wait, and what shares its line stays as it is.
import subprocess


class Player:
    def __init__(self, command):
        self._process = subprocess.Popen(command)

    async def stop(self):
        self._process.kill()


class Recorder:
    def __init__(self, command):
        self._process = subprocess.Popen(command)

    def stop(self):
        if self._process: self._process.kill(); print("killed")
