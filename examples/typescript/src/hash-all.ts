// Prints a checksum of every file named, computed in worker threads of this same file.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  for (const file of process.argv.slice(2)) {
    const worker = new Worker(__filename, { workerData: file });
    worker.on('message', (digest: string) => console.log(digest, file));
    worker.on('error', (error) => console.error(file, error.message));
  }
} else {
  parentPort?.postMessage(createHash('sha256').update(readFileSync(String(workerData))).digest('hex'));
}
