// Workers count with ++, and the main thread reads with Atomics; the next one counts in one step.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const DONE = 0;
const FAILED = 1;

export class Batch {
  private readonly memory = new SharedArrayBuffer(8);
  private readonly view = new Int32Array(this.memory);

  start(): Worker {
    Atomics.store(this.view, DONE, 0);
    return new Worker(__filename, { workerData: { counts: this.memory } });
  }

  done(): number {
    return Atomics.load(this.view, DONE) + Atomics.load(this.view, FAILED);
  }
}

function work({ counts }: { counts: SharedArrayBuffer }): void {
  const view = new Int32Array(counts);
  try {
    parentPort?.postMessage('working');
    view[DONE] += 1;
  } catch {
    Atomics.add(view, FAILED, 1);
  }
}

if (!isMainThread) {
  work(workerData);
}
