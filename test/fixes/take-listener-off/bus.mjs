import { bus } from './bus.js'

export class Counter {
	seen = 0

	onSeen = () => {
		this.seen++
	}

	start() {
		bus.on('seen', this.onSeen)
	}

	stop() {
		this.seen = 0
	}
}
