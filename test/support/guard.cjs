// Preloaded into a process under test: records and refuses processes, connections, and code of the workspace.
// LOCKSET_GUARD_LOG is the file to record in, LOCKSET_GUARD_WORKSPACE the folder whose code must not run.
const { appendFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const log = process.env.LOCKSET_GUARD_LOG;
const workspace = process.env.LOCKSET_GUARD_WORKSPACE + path.sep;

function refuse(what) {
  appendFileSync(log, `${what}\n`);
  throw new Error(`refused: ${what}`);
}

function refuseAll(name, functions) {
  const module = require(`node:${name}`);
  for (const each of functions) {
    module[each] = (...args) => refuse(`${name}.${each} ${String(args[0])}`);
  }
}

refuseAll('child_process', ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']);
refuseAll('http', ['request', 'get', 'createServer']);
refuseAll('https', ['request', 'get', 'createServer']);
refuseAll('http2', ['connect', 'createServer', 'createSecureServer']);
refuseAll('net', ['connect', 'createConnection', 'createServer']);
refuseAll('tls', ['connect', 'createServer']);
refuseAll('dgram', ['createSocket']);
refuseAll('dns', ['lookup', 'resolve', 'resolve4', 'resolve6']);
require('node:net').Socket.prototype.connect = () => refuse('net.Socket.connect');
globalThis.fetch = (address) => refuse(`fetch ${address}`);

const compile = Module.prototype._compile;
Module.prototype._compile = function (content, file, ...rest) {
  if (String(file).startsWith(workspace)) refuse(`module ${file}`);
  return compile.call(this, content, file, ...rest);
};
const resolve = Module._resolveFilename;
Module._resolveFilename = function (...args) {
  const file = resolve.apply(this, args);
  if (String(file).startsWith(workspace)) refuse(`require ${file}`);
  return file;
};
const dlopen = process.dlopen;
process.dlopen = (module, file, ...rest) => (String(file).startsWith(workspace) ? refuse(`dlopen ${file}`) : dlopen.call(process, module, file, ...rest));
