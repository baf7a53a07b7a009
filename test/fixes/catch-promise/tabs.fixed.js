const { rm } = require('node:fs/promises')

exports.clear = function (folder, done) {
	try {
		rm(folder, { recursive: true }).finally(() => done()).catch((error) => {
			console.warn(error)
		})
	} catch (error) {
		console.warn(error)
	}
}
