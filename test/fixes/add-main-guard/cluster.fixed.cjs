// With tabs, and a comment behind.
const cluster = require('node:cluster')

if (cluster.isPrimary) {
    cluster.fork() // and once more
}
if (cluster.isPrimary) {
    cluster.fork()
}
