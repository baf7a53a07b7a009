import asyncio

_background_tasks: set[asyncio.Task] = set()


async def push(values: list[int]) -> None:
    await asyncio.sleep(len(values))


def publish(values: list[int]) -> None:
    task = asyncio.ensure_future(push(values))
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)
