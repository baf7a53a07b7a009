# A coroutine needs a loop, a callback is handed the future, and keywords or other arguments cannot stand beside it.
import asyncio
import signal
import threading
from concurrent.futures import Executor, Future


async def fetch():
    return 1


def work(text="", times=1):
    return len(text * times)


def start_all(executor: Executor, future: Future, loop: asyncio.AbstractEventLoop):
    threading.Thread(target=fetch()).start()
    future.add_done_callback(work("done"))
    signal.signal(signal.SIGTERM, work("terminated"))
    loop.call_soon(work("soon", times=2))
    threading.Thread(target=work("a"), args=("b",)).start()
    threading.Thread(None, work("a"), "name", ("b",)).start()
    executor.submit(work("a"), 3).result()
    threading.Thread(target=work("a",  # the text
                                 2)).start()
