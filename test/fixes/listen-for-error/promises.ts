// Promises that wait for the good end of something.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { Worker } from 'node:worker_threads';

export function copy(from: string, to: string): Promise<void> {
  return new Promise((resolve) => {
    createReadStream(from).pipe(createWriteStream(to)).on('finish', resolve);
  });
}

export function run(command: string): Promise<number> {
  return new Promise((resolve, failed) => {
    const child = spawn(command);
    // Ended by a signal, it has no code.
    child.on('exit', (code) => {
      if (code === null) failed(new Error('killed'));
      else resolve(code);
    });
  });
}

export function compute(script: string, input: number): Promise<number> {
  const worker = new Worker(script, { workerData: input });
  return new Promise(resolve => {
    worker.once('message', resolve);
  });
}
