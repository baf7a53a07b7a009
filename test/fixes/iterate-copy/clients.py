import asyncio


class Hub:
    def __init__(self):
        self.clients = set()
        self.names = {}
        self.topics = {}
        self.queue = []

    async def connect(self, client, name, topic):
        await client.accept()
        self.clients.add(client)
        self.names[name] = client
        self.topics.setdefault(topic, []).append(client)
        self.queue.insert(0, client)

    def disconnect(self, client, name, topic):
        self.clients.discard(client)
        del self.names[name]
        self.topics[topic].remove(client)

    async def broadcast(self, message):
        for client in self.clients:  # all of them
            await client.send(message)
        for name, client in self.names.items():
            # by name
            if name:
                await client.send(message)

    async def to_topic(self, topic, message):
        for client in self.topics[topic]:
            await client.send(message)
        return [await client.last() for client in self.clients]

    async def numbered(self):
        for number, client in enumerate(
            self.queue
        ):
            await client.send(number)

    async def copied(self, message):
        for client in list(self.clients):
            await client.send(message)


async def serve(hub, client, name):
    asyncio.create_task(hub.broadcast(name)).add_done_callback(print)
    await hub.connect(client, name, name)
    hub.disconnect(client, name, name)
