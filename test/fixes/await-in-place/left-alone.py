import asyncio


async def load(name):
    await asyncio.sleep(0)
    return name


async def options(name, coroutine):
    asyncio.run(load(name), debug=True)
    asyncio.run(coroutine)


def helper(name):
    return asyncio.run(load(name))


async def calls_helper(name):
    return helper(name)
