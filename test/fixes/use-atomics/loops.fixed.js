// In a loop's condition, without semicolons.
const { Worker, isMainThread, workerData } = require('node:worker_threads')

const STOP = 0
const ROUNDS = 1

class Search {
	constructor() {
		this.memory = new SharedArrayBuffer(8)
		this.cells = new Int32Array(this.memory)
		this.worker = new Worker(__filename, { workerData: { memory: this.memory } })
	}

	stop() {
		Atomics.store(this.cells, STOP, 1)
		return Atomics.load(this.cells, ROUNDS)
	}
}

function search({ memory }, step) {
	const cells = new Int32Array(memory)
	while (!Atomics.load(cells, STOP)) {
		step()
		Atomics.add(cells, ROUNDS, 1) // one more
	}
}

if (!isMainThread) search(workerData, () => {})

module.exports = { Search }
