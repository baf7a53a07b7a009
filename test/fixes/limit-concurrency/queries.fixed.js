// Without types and semicolons, with tabs.
module.exports = {
	up: async (queryInterface, Sequelize) => {
		const [teams] = await queryInterface.sequelize.query('SELECT * FROM teams')
		await mapLimited(teams, 5, async (team) => {
			await queryInterface.sequelize.query(`UPDATE users SET admin = true WHERE team = ${team.id}`)
		})
	},
}

/** Works on at most so many items at a time; gives what comes of them in the order of the items. */
async function mapLimited(items, most, work) {
	const results = []
	const rest = items.entries()
	const worker = async () => {
		for (const [index, item] of rest) results[index] = await work(item, index)
	}
	await Promise.all(Array.from({ length: most }, worker))
	return results
}
