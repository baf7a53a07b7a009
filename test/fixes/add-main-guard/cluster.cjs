// With tabs, and a comment behind.
const cluster = require('node:cluster')

cluster.fork() // and once more
cluster.fork()
