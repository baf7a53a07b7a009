// Semantics in words: an API's badges, and what its effects mean to the analysis.
import type { ApiEntry, BlockKind, Effect, LockKind, Target } from '../model/library';
import { codeSpan, prose } from './markdown';

/** Short phrases for what is known of an API: `may block`, `thread-safe`, `atomic`. */
export function semanticsBadges(entry: ApiEntry): string[] {
  const { semantics } = entry;
  const badges: (string | undefined)[] = [
    semantics.blocks && BLOCKS[semantics.blocks],
    semantics.releasesGil === undefined
      ? undefined
      : semantics.releasesGil === true
        ? 'releases the GIL'
        : semantics.releasesGil
          ? 'releases the GIL at times'
          : 'keeps the GIL',
    threadSafety(entry),
    flag(semantics.atomic, 'atomic', 'not atomic'),
    flag(semantics.awaitable, 'awaitable', undefined),
    flag(semantics.picklable, 'picklable', 'not picklable'),
    semantics.cloneable === 'transferable' ? 'transferable' : flag(semantics.cloneable, 'cloneable', 'not cloneable'),
    semantics.runsOn && `runs on ${prose(semantics.runsOn)}`,
    flag(semantics.awaitsCallback, 'waits for async callbacks', 'does not wait for async callbacks'),
    semantics.since === undefined ? undefined : `since ${/^\d/.test(semantics.since) && entry.language === 'python' ? 'Python ' : ''}${prose(semantics.since)}`,
  ];
  return badges.filter((badge) => badge !== undefined);
}

/** What the effects say, as one phrase in markdown; empty when there are none. */
export function describeEffects(entry: ApiEntry): string {
  const phrases = (entry.effects ?? []).map((effect) => describe(effect, entry)).filter(Boolean);
  if (entry.lock) phrases.unshift(describeLock(entry.lock));
  for (const method of entry.entryMethods ?? [])
    phrases.push(`its ${codeSpan(method.method)} runs as a ${method.as}${method.many ? ', several at a time' : ''}`);
  return [...new Set(phrases)].join('; ');
}

/** `a lock between threads`. */
export function describeLock({ type, domain }: LockKind): string {
  return `${LOCKS[type]} between ${DOMAINS[domain]}`;
}

const BLOCKS = { never: 'does not block', may: 'may block', always: 'blocks' };
const LOCKS = { mutex: 'a lock', rlock: 'a reentrant lock', condition: 'a condition variable', semaphore: 'a semaphore', 'read-write': 'a read-write lock' };
const DOMAINS = { thread: 'threads', process: 'processes', task: 'tasks of one event loop', context: 'pages and workers' };

function flag(value: boolean | undefined, yes: string, no: string | undefined): string | undefined {
  return value === undefined ? undefined : value ? yes : no;
}

function threadSafety({ semantics }: ApiEntry): string | undefined {
  const { threadSafe: withGil, threadSafeFreeThreaded: without } = semantics;
  if (withGil === undefined) return undefined;
  if (withGil === false) return 'not thread-safe';
  if (withGil === 'partly') return without === false ? 'thread-safe in parts, not without the GIL' : 'thread-safe in parts';
  if (without === false) return 'thread-safe with the GIL only';
  if (without === 'partly') return 'thread-safe with the GIL, in parts without';
  return without ? 'thread-safe, also without the GIL' : 'thread-safe';
}

function describe(effect: Effect, entry: ApiEntry): string {
  switch (effect.kind) {
    case 'acquire':
      return `takes ${named(effect.target)}`;
    case 'try-acquire':
      return `takes ${named(effect.target)} if it is free`;
    case 'release':
      return `frees ${named(effect.target)}`;
    case 'spawn': {
      const runs = effect.runs && (entry.kind === 'constant' ? 'what is put there' : named(effect.runs));
      const what = runs === undefined ? `starts a ${effect.as}` : `runs ${runs} as a ${effect.as}`;
      return what + (effect.many ? ', several at a time' : effect.serial ? ', one after the other' : '');
    }
    case 'join':
      return `waits for ${named(effect.target)} to end`;
    case 'call':
      return `calls ${named(effect.runs)} before ${entry.semantics.awaitable ? 'its outcome is there' : 'it returns'}${effect.holding === undefined ? '' : `, holding ${named(effect.holding)}`}`;
    case 'await':
      return 'lets other tasks run';
    case 'serve':
      return 'runs its handlers in this thread, one after the other';
    case 'tell-thread':
      return 'tells which thread runs it';
    case 'run-loop':
      return 'an event loop runs in this thread';
    case 'wait':
      return `waits on ${named(effect.target)}`;
    case 'notify':
      return `wakes who waits on ${named(effect.target)}`;
    case 'read':
    case 'write':
      return `${effect.kind === 'read' ? 'reads' : 'changes'} ${named(effect.target)}${effect.atomic && entry.semantics.atomic !== false ? ' in one step' : ''}`;
    case 'block':
      return entry.semantics.blocks === undefined ? `may wait for ${BLOCKED_ON[effect.on]}` : '';
    case 'escape':
      return '';
    case 'confine':
      return `${named(effect.target)} belongs to one thread or task`;
    case 'main-test':
      return 'tells the main program from what it starts';
  }
}

/** What a thread may be kept waiting for, in words. */
export const BLOCKED_ON: Readonly<Record<BlockKind, string>> = {
  sleep: 'time to pass',
  io: 'input and output',
  file: 'a file',
  files: 'files',
  lock: 'a lock',
  queue: 'a queue',
  process: 'a process',
  compute: 'a computation',
};

const ORDINALS = ['first', 'second', 'third', 'fourth'];

function named(target: Target): string {
  if (target === 'receiver') return 'the object';
  if (target === 'result') return 'the outcome';
  if (target.rest) return 'its arguments';
  return target.name === undefined ? `its ${ORDINALS[target.argument] ?? 'last'} argument` : codeSpan(target.name);
}
