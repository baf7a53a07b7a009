import asyncio


async def fetch(client, url):
    return await client.fetch(url)


async def waited(client, urls):
    tasks = [asyncio.create_task(fetch(client, url)) for url in urls]
    await asyncio.wait(tasks)


async def on_one_line(client, urls):
    if urls: await asyncio.gather(*(fetch(client, url) for url in urls), return_exceptions=True)
