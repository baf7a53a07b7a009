import asyncio
import logging

log = logging.getLogger(__name__)


async def fetch(client, url):
    return await client.fetch(url)


async def all_of(client, urls):
    await asyncio.gather(  # at once
        *(fetch(client, url) for url in urls),
        return_exceptions=True,
    )  # all of them
    log.info("fetched %s", urls)


async def counted(client, urls, result):
    answers = await asyncio.gather(*(fetch(client, url) for url in urls), return_exceptions=True)
    print("fetched", len(answers), result)
