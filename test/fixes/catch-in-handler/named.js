// Handlers that are somewhere else, and one that has no name for its answer.
const { createServer } = require('node:http')

async function find(token) {
  if (!token) throw new Error('no token')
  return fetch(token)
}

async function answer(request, response) {
  const user = await find(request.url)
  response.end(await user.text())
}

createServer(answer).listen(80)
createServer(async ({ url }) => {
  await find(url)
}).listen(81)
