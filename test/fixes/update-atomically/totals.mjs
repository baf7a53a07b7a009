import { parentPort, workerData } from 'node:worker_threads';

const BYTES = 0;
const FLAGS = 1;
const DONE = 2;
const totals = new Int32Array(workerData.totals);

function count(chunk) {
  Atomics.store(totals, BYTES, Atomics.load(totals, BYTES) + chunk.length * 2); // both halves
}

function mark(bit) {
  const flags = Atomics.load(totals, FLAGS);
  Atomics.store(totals, FLAGS, flags | (1 << bit));
}

parentPort.on('message', (chunk) => {
  count(chunk);
  mark(chunk.bit);
  Atomics.add(totals, DONE, 1);
});
