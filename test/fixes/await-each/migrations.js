// Records that are changed one by one, with nobody waiting.
const { update, find } = require('./records')

async function migrate(records, totals) {
  const log = []
  records.forEach(async (record) => {
    if (!record.id) return
    for (const name of record.names) {
      await update(record.id, { name })
    }
    log.push(record.id)
  })
  return log
}

/** @param {Map<string, number>} totals */
async function count(ids) {
  /** @type {Map<string, number>} */
  const totals = new Map()
  for (const id of ids) totals.set(id, (await find(id)).total)
  let done = 0
  totals.forEach(async (total, id) => {
    await update(id, { total })
    done += 1
  })
  return done
}

async function number(records) {
	records.forEach(async (record, i) => {
		// The first is 1.
		await update(record.id, { number: i + 1 })
	})
}

async function touch(records) {
  if (records.length > 0) records.forEach(async (record) => await update(record.id, {}))
}

async function trim(names) {
  names.forEach(async function (name) {
    name = name.trim()
    await update(name, {})
  })
}

module.exports = { migrate, count, number, touch, trim }
