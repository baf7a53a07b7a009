// One side counts up, the other down.
import { Worker } from 'node:worker_threads';

const PENDING = 0;

export class Sender {
  private readonly worker = new Worker('./receiver.js');

  constructor(private readonly state: Int32Array) {}

  send(job: unknown): void {
    Atomics.add(this.state, PENDING, 1);
    this.worker.postMessage(job);
  }
}

export class Receiver {
  constructor(private readonly state: Int32Array) {}

  done(): void {
    Atomics.sub(this.state, PENDING, 1);
  }
}
