// Without types and semicolons, with tabs.
async function ask(worker, ms) {
	const late = new Promise((_, reject) => setTimeout(reject, ms, new Error('late')))
	return Promise.race([worker.ask(), late])
}

module.exports = { ask }
