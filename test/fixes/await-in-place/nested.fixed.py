import asyncio


async def load(name):
    await asyncio.sleep(0)
    return {"name": name}


async def show(name, loop):
    print(await load(name))
    entry = (await load(
        name,  # as given
    ))["name"]
    return entry


async def through_loop(name):
    loop = asyncio.get_running_loop()
    if await load(name):
        return await load(name)
