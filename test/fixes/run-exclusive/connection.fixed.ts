// A connection that is opened anew.
import { Mutex, type MutexInterface } from 'async-mutex';
import { EventEmitter } from 'node:events';

interface Socket {
  close(): void;
  send(text: string): void;
}
declare function dial(): Promise<Socket>;
declare const network: EventEmitter;

export class Connection {
  readonly #lock: MutexInterface = new Mutex();
  #socket: Socket | undefined;

  constructor() {
    network.on('changed', () => void this.reconnect());
    network.on('online', () => void this.reconnect());
  }

  async send(text: string): Promise<void> {
    await this.#lock.runExclusive(() => this.#socket?.send(text));
  }

  async reconnect(): Promise<void> {
    await this.#lock.runExclusive(async () => {
      this.#socket?.close();
      this.#socket = await dial();
    });
  }
}
