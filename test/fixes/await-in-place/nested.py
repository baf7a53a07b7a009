import asyncio


async def load(name):
    await asyncio.sleep(0)
    return {"name": name}


async def show(name, loop):
    print(asyncio.run(load(name)))
    entry = asyncio.run(load(
        name,  # as given
    ))["name"]
    return entry


async def through_loop(name):
    loop = asyncio.get_running_loop()
    if loop.run_until_complete(load(name)):
        return asyncio.run_coroutine_threadsafe(load(name), loop).result()
