// Records that are changed one by one, with nobody waiting.
const { update, find } = require('./records')

async function migrate(records, totals) {
  const log = []
  for (const record of records) {
    if (!record.id) continue
    for (const name of record.names) {
      await update(record.id, { name })
    }
    log.push(record.id)
  }
  return log
}

/** @param {Map<string, number>} totals */
async function count(ids) {
  /** @type {Map<string, number>} */
  const totals = new Map()
  for (const id of ids) totals.set(id, (await find(id)).total)
  let done = 0
  for (const [id, total] of totals) {
    await update(id, { total })
    done += 1
  }
  return done
}

async function number(records) {
	for (const [i, record] of records.entries()) {
		// The first is 1.
		await update(record.id, { number: i + 1 })
	}
}

async function touch(records) {
  if (records.length > 0) for (const record of records) {
    await update(record.id, {})
  }
}

async function trim(names) {
  for (let name of names) {
    name = name.trim()
    await update(name, {})
  }
}

module.exports = { migrate, count, number, touch, trim }
