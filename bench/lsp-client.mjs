// A bare client of the language server protocol over stdio, for measuring.
import { spawn } from 'node:child_process';

/** Starts a server; answers its requests for configuration and the like with nothing. */
export function startServer(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  const listeners = new Set();
  let buffer = Buffer.alloc(0);
  let last = 0;

  const send = (message) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const receive = (message) => {
    if (message.method && message.id !== undefined) {
      const items = message.params?.items;
      send({ id: message.id, result: message.method === 'workspace/configuration' ? items.map(() => null) : null });
    } else if (message.method) {
      for (const listener of listeners) listener(message.method, message.params);
    } else {
      const { resolve, reject } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.error) reject?.(Object.assign(new Error(message.error.message), { code: message.error.code }));
      else resolve?.(message.result);
    }
  };
  child.stdout.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())[1]);
      if (buffer.length < head + 4 + length) return;
      const body = buffer.subarray(head + 4, head + 4 + length).toString();
      buffer = buffer.subarray(head + 4 + length);
      receive(JSON.parse(body));
    }
  });

  return {
    pid: child.pid,
    notify: (method, params) => send({ method, params }),
    request: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        send({ id, method, params });
      }),
    /** Resolves with the parameters of the next notification that fits. */
    next: (method, fits) =>
      new Promise((resolve) => {
        const listener = (name, params) => {
          if (name !== method || !fits(params)) return;
          listeners.delete(listener);
          resolve(params);
        };
        listeners.add(listener);
      }),
    stop: () => child.kill(),
  };
}
