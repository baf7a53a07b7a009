// What a function of the module works on, a block would hide from it.
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL(import.meta.url));

export function ask(value: number): void {
  worker.postMessage(value);
}
