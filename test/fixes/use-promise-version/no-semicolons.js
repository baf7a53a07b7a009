// A bracket at the beginning of a line would go on with the line before
const fs = require('fs')
const http = require('http')

http.createServer(async (request, response) => {
  const name = request.url
  fs.readFileSync(name).forEach((byte) => response.write(String(byte)))
  response.end(fs.statSync(name).size)
}).listen(80)
