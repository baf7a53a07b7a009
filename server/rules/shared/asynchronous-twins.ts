// Asynchronous twins: what to call in JavaScript in the place of something that stops the event loop.
import type { BlockKind } from '../../model/library';

/** A sentence that says what to do about a blocking call. */
export function twinAdvice(api: string, kind: BlockKind): string {
  return TWINS.find(([pattern]) => pattern.test(api))?.[1](lastName(api)) ?? OTHERWISE[kind];
}

type Advice = (name: string) => string;

const base = (name: string) => name.replace(/Sync$/, '');

const TWINS: readonly (readonly [RegExp, Advice])[] = [
  [/^child_process\./, (name) => `Use ${base(name) === 'spawn' ? 'spawn, or promisify(execFile),' : `promisify(${base(name)})`} and await it.`],
  [/^execa\./, () => 'Use execa(…) without Sync and await it.'],
  [
    /^fs\.(?:read|write|append|copy|cp|rm|readdir)\w*Sync$/,
    (name) => `Use await fs.promises.${base(name)}(…); what never changes can be read once, at the start.`,
  ],
  [/^glob\./, () => 'Use the asynchronous glob(…) and await it.'],
  [/^(?:bcrypt|crypto)\./, (name) => `Use the asynchronous ${base(name)}(…), which works on another thread, and await it.`],
  [/^zlib\./, (name) => `Use promisify(zlib.${base(name)}) and await it, or a stream.`],
  [/^Atomics\.wait$|^deasync$/, () => 'Use await with a timer, such as setTimeout of node:timers/promises.'],
  [/^XMLHttpRequest\.|^sync-request$/, () => 'Use await fetch(…).'],
  [/^electron\.IpcRenderer\.sendSync$/, () => 'Use await ipcRenderer.invoke(…).'],
];

const OTHERWISE: Readonly<Record<BlockKind, string>> = {
  sleep: 'Use await with a timer.',
  io: 'Use an asynchronous call and await it.',
  file: 'Use fs.promises and await it.',
  files: 'Use fs.promises and await it.',
  lock: 'Use await with a timer.',
  queue: 'Use an asynchronous call and await it.',
  process: 'Use promisify(execFile) and await it.',
  compute: 'Use an asynchronous twin, or do it in a worker.',
};

function lastName(api: string): string {
  return api.slice(api.lastIndexOf('.') + 1);
}
