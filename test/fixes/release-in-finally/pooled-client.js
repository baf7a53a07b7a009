const { Pool } = require('pg')

const pool = new Pool()

exports.inTransaction = async function (work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    return await work(client)
  } finally {
    await client.query('commit')
    client.release()
  }
}

exports.count = async function (table) {
  const client = await pool.connect()
  const { rows } = await client.query(`select count(*) from ${table}`)
  client.release()
  return rows[0].count
}
