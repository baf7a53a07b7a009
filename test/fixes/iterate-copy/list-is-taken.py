class Hub:
    def __init__(self):
        self.clients = set()

    async def connect(self, client):
        await client.accept()
        self.clients.add(client)

    def disconnect(self, client):
        self.clients.discard(client)

    async def broadcast(self, message, list=()):
        for client in self.clients:
            await client.send(message, list)
