const { workerData, parentPort } = require('worker_threads')

const NEXT = 0
const DONE = 1
const control = new Int32Array(workerData.control)

function takeNext() {
	const next = Atomics.load(control, NEXT)
	Atomics.store(control, NEXT, next + 1)
	return next < workerData.count ? next : -1
}

for (let at = takeNext(); at >= 0; at = takeNext()) {
	parentPort.postMessage(at)
	Atomics.add(control, DONE, 1)
}
