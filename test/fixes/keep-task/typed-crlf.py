import asyncio


async def push(values: list[int]) -> None:
    await asyncio.sleep(len(values))


def publish(values: list[int]) -> None:
    asyncio.ensure_future(push(values))
