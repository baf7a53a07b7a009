// Handlers of servers whose rejections nobody sees.
import { createServer, type IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

interface Store {
  get(token: string): Promise<string | undefined>;
}

async function find(store: Store, token: string): Promise<string> {
  const user = await store.get(token);
  if (!user) throw new Error('no such user');
  return user;
}

export function serve(store: Store): void {
  createServer(async (request, response) => {
    // By its path alone.
    const user = await find(store, request.url ?? '');
    response.end(
      `<p>
${user}
</p>`,
    );
    // That was all.
  }).listen(80);
}

export class Sockets {
  private readonly server = new WebSocketServer({ port: 81 });

  constructor(private readonly store: Store) {
    this.server.on('connection', (socket, request) =>
      this.greet(socket, request));
  }

  private async greet(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const error = await find(this.store, request.url ?? '');
    socket.send(error);
  }
}
