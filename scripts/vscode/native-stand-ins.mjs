// Plain JavaScript in place of two native modules of the VS Code server, which would have to be compiled.

/** Ends a process whose parent died; the extension host watches its parent by other means too. */
export const NATIVE_WATCHDOG_STAND_IN = `
exports.start = () => {};
exports.exit = (code) => process.exit(code || 0);
`;

/** Writes log files. The names are assigned one by one because VS Code import()s this module and must see them as exports. */
export const NATIVE_LOG_STAND_IN = `
const fs = require('fs');
const path = require('path');
class Logger {
  constructor(file) { this.file = file; this.formatted = true; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  write(level, message) {
    try { fs.appendFileSync(this.file, this.formatted ? new Date().toISOString() + ' [' + level + '] ' + message + '\\n' : message); } catch {}
  }
  trace(message) { this.write('trace', message); }
  debug(message) { this.write('debug', message); }
  info(message) { this.write('info', message); }
  warn(message) { this.write('warning', message); }
  error(message) { this.write('error', message); }
  critical(message) { this.write('critical', message); }
  clearFormatters() { this.formatted = false; }
  getLevel() { return 2; }
  setLevel() {}
  setPattern() {}
  flush() {}
  drop() {}
}
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`;
