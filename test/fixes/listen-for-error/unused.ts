// The second parameter is said to be unused.
import { Worker } from 'node:worker_threads';

export function compute(script: string, input: number): Promise<number> {
  const worker = new Worker(script, { workerData: input });
  return new Promise((resolve, _reject) => {
    worker.once('message', resolve);
  });
}
