// Nodes of a page and clients of a server have no map, and what a database gives is gone through only by forEach.
const { WebSocketServer } = require('ws')
const wss = new WebSocketServer({ port: 8080 })
const db = require('./db')

async function broadcast(text) {
  wss.clients.forEach(async (client) => {
    await db.save(client.id, text)
  })
  console.log('saved')
}

async function statusOfLinks(page) {
  const found = []
  page.querySelectorAll('a').forEach(async (link) => {
    const response = await fetch(link.href)
    found.push(response.status)
  })
  return found
}

async function remove(folder) {
  let count = 0
  const snapshot = await db.collection(folder).get()
  snapshot.forEach(async (doc) => {
    await doc.ref.delete()
    count += 1
  })
  return count
}

async function saveAll(rows) {
  let count = 0
  rows.forEach(async (row) => {
    await db.save(row.id, row)
    count += 1
  })
  return count + rows.filter((row) => row.isNew).length
}

module.exports = { broadcast, statusOfLinks, remove, saveAll }
