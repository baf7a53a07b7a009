from __future__ import annotations

from asyncio import Queue, sleep as pause
import time as clock


async def drain(queue: Queue) -> None:
    while not queue.empty():
        print(await queue.get()); await pause(0.1)
