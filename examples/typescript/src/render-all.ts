// Renders every job of a file on a thread of its own, so that the event loop stays free.
import { readFileSync } from 'node:fs';
import { parentPort, Worker, workerData } from 'node:worker_threads';

const jobs = readFileSync(process.argv[2] ?? 'jobs.txt', 'utf8').split('\n').filter(Boolean);

for (const job of jobs) {
  const worker = new Worker(__filename, { workerData: job });
  worker.on('message', (size: number) => console.log(job, size));
}

function render(job: string): number {
  let size = 0;
  for (let i = 0; i < 1e7; i++) size = (size + job.charCodeAt(i % job.length)) % 65536;
  return size;
}

parentPort?.postMessage(render(String(workerData)));
