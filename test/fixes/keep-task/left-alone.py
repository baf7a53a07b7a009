# What is no statement of its own, what may give no task, and what somebody keeps.
import asyncio


async def work(number):
    await asyncio.sleep(number)


def spawn(number):
    if number < 0:
        return None
    return asyncio.create_task(work(number))


def start(loop: asyncio.AbstractEventLoop, number):
    loop.call_later(5, lambda: asyncio.create_task(work(number)))
    spawn(number)
    if number: asyncio.create_task(work(number))
    asyncio.create_task(work(number)); print(number)
    asyncio.gather(work(1), work(2))


async def waits(number):
    first = asyncio.create_task(work(number))
    await work(number)
    await first
