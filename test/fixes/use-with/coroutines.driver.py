import asyncio


class Transport:
    def __init__(self):
        self.sent = []

    async def write(self, message):
        await asyncio.sleep(0)
        if message is None:
            raise ValueError("nothing to send")
        self.sent.append(message)


async def talk(module):
    transport = Transport()
    sender = module.Sender(transport)
    await asyncio.gather(*(sender.send(number) for number in range(3)))
    print(transport.sent, sender._lock.locked())
    try:
        await sender.send(None)
    except ValueError as error:
        print(error)


def drive(module):
    asyncio.run(talk(module))
    with module.alone() as lock:
        print(lock.locked())
    print(module.whole.locked())
    try:
        with module.alone():
            raise KeyError("inside")
    except KeyError as error:
        print(error)
