# Only a coroutine can await, and not with a lock of threads held.
import asyncio
import threading

lock = threading.Lock()


async def save(value):
    await asyncio.sleep(value)


def close():
    save(1)


async def locked():
    with lock:
        save(2)


async def later(loop: asyncio.AbstractEventLoop):
    loop.call_soon(lambda: save(3))
