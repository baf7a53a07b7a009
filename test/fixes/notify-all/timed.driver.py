import asyncio
import threading


async def passing(module):
    gate = module.Gate()
    passing = asyncio.create_task(gate.pass_through())
    await asyncio.sleep(0)
    await gate.open()
    await passing
    await gate.pass_too()
    print(gate.opened)


def drive(module):
    result = module.Result()
    print(result.get(0.01))
    try:
        result.get_or_raise()
    except TimeoutError as error:
        print(error)
    got = []
    waiter = threading.Thread(target=lambda: got.append(result.get(60)))
    waiter.start()
    result.set()
    waiter.join()
    print(got, result.get_or_raise())
    asyncio.run(passing(module))
