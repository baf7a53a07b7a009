// Closables: what JavaScript programs make that goes on until it is told to end: workers, sockets, watchers, browsers, pools.
import type { Call } from '../../model/operation';
import type { Place } from '../../model/place';

export interface Closable {
  /** What a person calls it: `browser`, `worker`. */
  readonly what: string;
  /** The methods that end it. */
  readonly ends: readonly string[];
  /** `observer`: it only looks on. `process`: a thread or process of its own. `stream`: events come until it is closed. */
  readonly kind: 'observer' | 'process' | 'stream' | 'pool' | 'controller';
}

const observer = (what: string): Closable => ({ what, ends: ['disconnect'], kind: 'observer' });
const stream = (what: string, ...ends: string[]): Closable => ({ what, ends: ends.length > 0 ? ends : ['close'], kind: 'stream' });
const process = (what: string, ...ends: string[]): Closable => ({ what, ends, kind: 'process' });
const pool = (what: string, ...ends: string[]): Closable => ({ what, ends, kind: 'pool' });
const WORKER = process('worker', 'terminate');
const CHILD = process('child process', 'kill', 'disconnect');
const BROWSER = process('browser', 'close', 'disconnect');
const SOCKET = stream('WebSocket', 'close', 'terminate');
const WATCHER = stream('file watcher', 'close');
const REDIS = pool('Redis connection', 'quit', 'disconnect', 'close', 'destroy', 'end');
const MYSQL = pool('database connection', 'end', 'destroy', 'close');

/** By the name of the module, which is empty for what is built in, and of what is called; `default` for a default import. */
const KNOWN: Readonly<Record<string, Closable>> = {
  ':WebSocket': SOCKET,
  ':EventSource': stream('EventSource'),
  ':BroadcastChannel': stream('BroadcastChannel'),
  ':Worker': WORKER,
  ':SharedWorker': WORKER,
  ':RTCPeerConnection': stream('peer connection'),
  ':AudioContext': stream('AudioContext'),
  ':ResizeObserver': observer('ResizeObserver'),
  ':MutationObserver': observer('MutationObserver'),
  ':IntersectionObserver': observer('IntersectionObserver'),
  ':PerformanceObserver': observer('PerformanceObserver'),
  ':AbortController': { what: 'AbortController', ends: ['abort'], kind: 'controller' },
  'perf_hooks:PerformanceObserver': observer('PerformanceObserver'),
  'worker_threads:Worker': WORKER,
  'worker_threads:BroadcastChannel': stream('BroadcastChannel'),
  'child_process:fork': CHILD,
  'child_process:spawn': CHILD,
  'ws:default': SOCKET,
  'ws:WebSocket': SOCKET,
  'ws:WebSocketServer': stream('WebSocket server'),
  'eventsource:default': stream('EventSource'),
  'eventsource:EventSource': stream('EventSource'),
  'socket.io-client:io': stream('socket', 'close', 'disconnect'),
  'chokidar:watch': WATCHER,
  'fs:watch': WATCHER,
  'puppeteer:launch': BROWSER,
  'puppeteer-core:launch': BROWSER,
  'playwright:launch': BROWSER,
  'playwright-core:launch': BROWSER,
  'piscina:default': pool('worker pool', 'destroy', 'close'),
  'piscina:Piscina': pool('worker pool', 'destroy', 'close'),
  'tinypool:default': pool('worker pool', 'destroy'),
  'tinypool:Tinypool': pool('worker pool', 'destroy'),
  'workerpool:pool': pool('worker pool', 'terminate'),
  'pg:Pool': pool('connection pool', 'end'),
  'pg:Client': pool('database client', 'end'),
  'mysql:createPool': MYSQL,
  'mysql2:createPool': MYSQL,
  'mysql2/promise:createPool': MYSQL,
  'mysql2/promise:createConnection': MYSQL,
  'mongodb:MongoClient': pool('database client', 'close'),
  'redis:createClient': REDIS,
  'ioredis:default': REDIS,
  'ioredis:Redis': REDIS,
  'bullmq:Worker': pool('queue worker', 'close', 'disconnect'),
  'bullmq:Queue': pool('queue', 'close', 'disconnect'),
  'bullmq:QueueEvents': pool('queue listener', 'close', 'disconnect'),
  'amqplib:connect': pool('broker connection', 'close'),
  'mqtt:connect': stream('broker connection', 'end'),
  'net:connect': stream('socket', 'end', 'destroy', 'destroySoon'),
  'net:createConnection': stream('socket', 'end', 'destroy', 'destroySoon'),
  'net:createServer': stream('server', 'close'),
  'http:createServer': stream('server', 'close'),
  'dgram:createSocket': stream('socket', 'close'),
  'readline:createInterface': stream('line reader', 'close'),
  'node-cron:schedule': stream('cron job', 'stop', 'destroy'),
  'cron:CronJob': stream('cron job', 'stop'),
};

/** What a call makes that has to be ended, if it is such a call. */
export function closableMade(call: Call): Closable | undefined {
  return call.callee.kind === 'place' && call.form !== 'decorator' ? closableAt(call.callee.place, call.form === 'new') : undefined;
}

function closableAt({ root, path }: Place, isNew: boolean): Closable | undefined {
  if (root.kind === 'global') {
    const name = path.at(-1) ?? root.name;
    return isNew && (path.length === 0 || /^(?:window|globalThis|self)$/.test(root.name)) ? lookUp(`:${name}`) : undefined;
  }
  if (root.kind !== 'import') return undefined;
  // `chokidar.watch()`, `fs.watch()`, `chromium.launch()`, and the class itself.
  return path.length === 0 ? lookUp(`${root.specifier}:${root.name ?? 'default'}`) : lookUp(`${root.specifier}:${path.at(-1)}`);
}

function lookUp(name: string): Closable | undefined {
  return Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
}

/** Whether a method ends a closable: one that is known to, or one that is called so. */
export function endsIt(closable: Closable, method: string): boolean {
  return (
    closable.ends.includes(method) ||
    /^(?:close|terminate|destroy|kill|end|quit|disconnect|unobserve|dispose|stop|abort|shutdown|release|removeAllListeners)/.test(method)
  );
}
