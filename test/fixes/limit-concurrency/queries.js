// Without types and semicolons, with tabs.
module.exports = {
	up: async (queryInterface, Sequelize) => {
		const [teams] = await queryInterface.sequelize.query('SELECT * FROM teams')
		await Promise.all(teams.map(async (team) => {
			await queryInterface.sequelize.query(`UPDATE users SET admin = true WHERE team = ${team.id}`)
		}))
	},
}
