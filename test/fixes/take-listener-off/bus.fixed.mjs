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
		bus.off('seen', this.onSeen)
		this.seen = 0
	}
}
