import shutil
import subprocess
import threading

import requests


class Mirror:
    def __init__(self, url):
        self.url = url
        self.reader = threading.Thread(target=print)
        self.reader.start()

    async def fetch(self, path):
        answer = requests.get(self.url + path, timeout=5)  # at most
        return answer.json()

    async def name(self):
        return requests.get(self.url).json()["name"]

    async def build(self, target):
        subprocess.run(
            # Makefile
            ["make", target],
            check=True,
            **self.options(),
        )
        if subprocess.call(["test", "-d", target]) != 0:
            return None
        return [subprocess.check_output(["cat", each]) for each in (target, self.url)]

    async def close(self):
        self.reader.join()
        shutil.rmtree(
            self.url)

    def options(self):
        return {}
