import asyncio
import logging

log = logging.getLogger(__name__)


async def fetch(client, url):
    return await client.fetch(url)


async def all_of(client, urls):
    results = await asyncio.gather(  # at once
        *(fetch(client, url) for url in urls),
        return_exceptions=True,
    )  # all of them
    for result in results:
        if isinstance(result, Exception):
            log.error("A task failed", exc_info=result)
    log.info("fetched %s", urls)


async def counted(client, urls, result):
    answers = await asyncio.gather(*(fetch(client, url) for url in urls), return_exceptions=True)
    for result2 in answers:
        if isinstance(result2, Exception):
            log.error("A task failed", exc_info=result2)
    print("fetched", len(answers), result)
