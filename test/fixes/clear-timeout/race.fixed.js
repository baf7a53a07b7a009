// Without types and semicolons, with tabs.
async function ask(worker, ms) {
	let timer
	const late = new Promise((_, reject) => {
		timer = setTimeout(reject, ms, new Error('late'))
	})
	return Promise.race([worker.ask(), late]).finally(() => clearTimeout(timer))
}

module.exports = { ask }
