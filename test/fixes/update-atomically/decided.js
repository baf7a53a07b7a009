// What is stored rests on a test in between, or on more than what stands there.
const { workerData, parentPort } = require('worker_threads');

const NEXT = 0;
const DONE = 1;
const control = new Int32Array(workerData.control);

function takeNext() {
  const next = Atomics.load(control, NEXT);
  if (next >= workerData.count) return -1;
  Atomics.store(control, NEXT, next + 1);
  return next;
}

function turn() {
  const next = Atomics.load(control, NEXT);
  Atomics.store(control, NEXT, (next + 1) % workerData.count);
  return next;
}

for (let at = takeNext(); at >= 0; at = takeNext()) {
  parentPort.postMessage(at + turn());
  Atomics.add(control, DONE, 1);
}
