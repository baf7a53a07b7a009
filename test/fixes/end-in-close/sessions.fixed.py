import aiohttp
import httpx


class Poller:
    def __init__(self):
        self._stopped = False
        self._client = httpx.AsyncClient()

    async def poll(self, url):
        return await self._client.get(url)

    async def stop(self):
        self._stopped = True
        await self._client.aclose()


class Api:
    def __init__(self):
        self._session = None
        self._calls = 0

    async def get(self, url):
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.get(url) as reply:
            return await reply.json()

    async def close(self):
        self._calls = 0
        if self._session is not None:
            await self._session.close()
