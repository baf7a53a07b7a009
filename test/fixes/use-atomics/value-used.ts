// The value of a change is used, or words have 64 bits; both are left to a person.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const NEXT = 0;

export class Tickets {
  private readonly memory = new SharedArrayBuffer(8);
  private readonly view = new Int32Array(this.memory);

  start(): Worker {
    Atomics.store(this.view, NEXT, 0);
    return new Worker(__filename, { workerData: { memory: this.memory } });
  }

  next(): number {
    return Atomics.load(this.view, NEXT);
  }
}

function work({ memory }: { memory: SharedArrayBuffer }): void {
  const view = new Int32Array(memory);
  const ticket = view[NEXT]++;
  parentPort?.postMessage(ticket);
}

if (!isMainThread) {
  work(workerData);
}
