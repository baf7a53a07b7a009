import { parentPort, workerData } from 'node:worker_threads';

const BYTES = 0;
const FLAGS = 1;
const DONE = 2;
const totals = new Int32Array(workerData.totals);

function count(chunk) {
  Atomics.add(totals, BYTES, chunk.length * 2); // both halves
}

function mark(bit) {
  Atomics.or(totals, FLAGS, 1 << bit);
}

parentPort.on('message', (chunk) => {
  count(chunk);
  mark(chunk.bit);
  Atomics.add(totals, DONE, 1);
});
