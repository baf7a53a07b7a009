// Only what starts workers goes under the guard, with what works on it; the part of the workers stays where it is.
import { Worker, parentPort, isMainThread } from 'node:worker_threads';

export function double(value: number): number {
  return 2 * value;
}

// One is enough.
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const answers: number[] = [];
  worker.on('message', (answer: number) => {
    answers.push(answer);
  });
}

parentPort?.on('message', (value: number) => parentPort?.postMessage(double(value)));
