# Where no await can stand, or it would do harm.
import threading
import time

import trio

lock = threading.Lock()


async def of_another_loop():
    time.sleep(1)
    await trio.sleep(1)
