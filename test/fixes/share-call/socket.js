const { WebSocket } = require('ws');

let socket = null;

// Opens the connection that all of them share.
async function connect() {
	if (!socket) {
		const ticket = await fetch('/ticket');
		socket = new WebSocket(await ticket.text());
	}
	return socket;
}

exports.connect = connect;

class Feed {
	constructor(url) {
		this.url = url;
		this._socket = null;
	}

	async _open() {
		if (this._socket) return this._socket;
		const opened = new WebSocket(await fetch(this.url));
		this._socket = opened;
		return opened;
	}

	async send(message) {
		const socket = await this._open();
		socket.send(message);
	}

	close() {
		this._socket?.close();
		this._socket = null;
	}
}

exports.Feed = Feed;
