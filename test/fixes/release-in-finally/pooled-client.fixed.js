const { Pool } = require('pg')

const pool = new Pool()

exports.inTransaction = async function (work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    return await work(client)
  } finally {
    try {
      await client.query('commit')
    } finally {
      client.release()
    }
  }
}

exports.count = async function (table) {
  const client = await pool.connect()
  try {
    const { rows } = await client.query(`select count(*) from ${table}`)
    return rows[0].count
  } finally {
    client.release()
  }
}
