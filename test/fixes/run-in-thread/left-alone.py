# What belongs to its thread, works later, never ends, or touches the event loop.
import asyncio
import queue
import sqlite3
import threading
import urllib.request

import requests


class Service:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self.loop = loop
        self.lock = threading.Lock()
        self.jobs = queue.Queue()
        self.last = None

    async def query(self, path):
        connection = sqlite3.connect(path)
        return connection.execute("select 1").fetchall()

    async def next_job(self):
        return self.jobs.get()

    async def body(self, url):
        with urllib.request.urlopen(url) as answer:
            return answer.status

    async def under_lock(self, url):
        with self.lock:
            return requests.get(url)

    async def refresh(self, url):
        self.load(url)
        self.announce(url)
        for part in self.parts(url):
            print(part)

    def load(self, url):
        self.last = requests.get(url)

    def announce(self, url):
        answer = requests.post(url)
        self.loop.call_soon(print, answer)

    def parts(self, url):
        yield requests.get(url)

    async def lazily(self, urls, other):
        first = requests.get(await other.url())
        return first, all(requests.get(url) for url in urls)
