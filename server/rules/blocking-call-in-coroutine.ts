// A coroutine, or a callback of the event loop, calls something that keeps the whole thread waiting, itself or through helpers.
import type { BlockKind } from '../model/library';
import { MAIN, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Severity } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { adviceFor } from './shared/blocking-advice';
import { type BlockedAt, blockedAt } from './shared/blocking-chain';
import { stepBy } from './shared/interleavings';
import { isFitForThread, isHelperFitForThread, isUnderLock } from './shared/thread-fit';

export const blockingCallInCoroutine: Rule = {
  id: 'blocking-call-in-coroutine',
  family: 'blocking-in-async',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: ['await-sleep', 'run-in-thread', 'wrap-future'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const { isAsync } = modelOf(fn);
    const { roots } = facts.contextOf(key);
    if (!isAsync && !roots.some((root) => rootParts(root).kind === 'task' && rootParts(root).function === key)) return;
    // Where nothing but the main program comes along, there may be no other task to keep waiting.
    const alone = roots.length > 0 && roots.every((root) => root === MAIN);
    const quietUntil = isAsync && isProgram(fn, facts) ? firstTask(fn, facts) : -1;
    let toldOfFile = false;
    for (const blocked of blockedAt(fn, facts)) {
      const severity = severityOf(blocked, alone);
      if (!isAsync && WHEN_READY.test(blocked.api)) continue;
      if (blocked.point < quietUntil || severity === undefined || (severity === 'information' && FILES.has(blocked.kind) && toldOfFile)) continue;
      if (FILES.has(blocked.kind) && severity === 'information') toldOfFile = true;
      yield findingOf(fn, blocked, severity, isAsync, isAsync ? fixesOf(fn, blocked, facts) : []);
    }
  },
};

const FILES: ReadonlySet<BlockKind> = new Set(['file', 'files']);

/** Steps of a file system that take no time to speak of, and sums that are mostly small. */
const SMALL =
  /^(?:os\.(?!walk|fwalk|listdir|scandir|system|popen|wait|spawn)\w+|pathlib\.Path\.(?:unlink|rename|replace|mkdir|rmdir|touch)|tempfile\.\w+|linecache\.\w+|io\.\w+\.\w+|configparser\..*|mmap\..*|zlib\..*|gzip\.(?:de)?compress|bz2\..*|lzma\..*|socket\.socket\.send\w*|socket\.getaddrinfo)$/;

/** Plain callbacks that do this are called by the loop when there is something to take: `loop.add_reader(sock, self._read)`. */
const WHEN_READY = /^(?:socket\.socket\.(?:recv\w*|accept)|ssl\.SSLSocket\.(?:read|recv\w*))$/;

/** Mostly the names in one directory; with `**` it is a whole tree, which the text seldom shows. */
const ONE_DIRECTORY = /^(?:glob\.glob|pathlib\.Path\.glob)$/;

/** Asking at a terminal is mostly for when an argument is missing. */
const ASKS_PEOPLE = /^(?:input|getpass\.getpass|fileinput\.input)$/;

function severityOf({ kind, api, chain }: BlockedAt, alone: boolean): Severity | undefined {
  // The farther away the call is, the more there is on the way that decides whether it comes to it.
  if (SMALL.test(api) || chain.length > 5 || (chain.length > 0 && ASKS_PEOPLE.test(api))) return undefined;
  if (kind === 'file' || kind === 'compute' || ONE_DIRECTORY.test(api)) return alone || chain.length > 2 ? undefined : 'information';
  return alone || chain.length > 3 ? 'information' : blockingCallInCoroutine.severity;
}

/** Whether `asyncio.run` or the like runs the function: what it does at first is done before anybody is served. */
function isProgram(fn: ResolvedFunction, facts: Facts): boolean {
  for (const [caller, sites] of facts.program.callers.get(fn.key) ?? []) {
    if (sites.some((site) => facts.program.functions.get(caller)?.calls.get(site.point)?.runsLoop)) return true;
  }
  return false;
}

/** Where a function starts the first task; infinite where it starts none, and does one thing after the other. */
function firstTask(fn: ResolvedFunction, facts: Facts): number {
  return Math.min(...(facts.summaryOf(fn.key)?.spawns ?? []).filter((spawn) => spawn.as === 'task').map((spawn) => spawn.point));
}

const WAITS_FOR: Readonly<Record<BlockKind, string>> = {
  sleep: 'sleeps',
  io: 'waits for the other side',
  file: 'waits for the disk',
  files: 'goes through files, for as long as that takes',
  lock: 'waits for other threads',
  queue: 'waits for a queue',
  process: 'waits for another process',
  compute: 'computes',
};

function findingOf(fn: ResolvedFunction, blocked: BlockedAt, severity: Severity, isAsync: boolean, fixes: readonly FixIntent[]): Finding {
  const { kind, api, chain, point } = blocked;
  const [first] = chain;
  const ways = chain.slice(1).map((step) => callOfKey(step.function));
  const through = first === undefined ? '' : ` ${callOfKey(first.function)} calls it${ways.length > 0 ? ` through ${ways.join(', ')}` : ''}.`;
  const who = isAsync ? `${callOfKey(fn.key)} is a coroutine` : `${callOfKey(fn.key)} is a callback of the loop`;
  return {
    rule: blockingCallInCoroutine.id,
    family: blockingCallInCoroutine.family,
    severity,
    confidence: severity === 'warning' ? Math.max(0.6, 0.9 - 0.05 * chain.length) : 0.5,
    site: { function: fn.key, point },
    message: `${api}() stops the event loop: ${who}, and while this ${WAITS_FOR[kind]} no other task, request or timer of the loop goes on.${through} ${adviceFor(api, kind, first?.function)}`,
    related: [
      {
        site: { function: fn.key, point },
        message: first === undefined ? 'The loop’s thread waits here' : `On the loop’s thread ${callOfKey(first.function)} is called`,
      },
      ...chain.map((step, i) => ({
        site: { function: step.function, point: step.point },
        message: i + 1 < chain.length ? `${callOfKey(step.function)} calls ${callOfKey(chain[i + 1].function)}` : `${api}() waits here`,
      })),
    ],
    interleaving: {
      sides: ['thread of the event loop'],
      steps: [
        stepBy(0, { function: fn.key, point: NAME }, `runs ${callOfKey(fn.key)}, while other tasks are due`),
        ...[{ function: fn.key, point }, ...chain].map((step, i) =>
          stepBy(0, step, i < chain.length ? `calls ${callOfKey(chain[i].function)}` : `${WAITS_FOR[kind]}, in ${api}()`),
        ),
      ],
      harm: 'stuck',
      outcome: 'Until that is over no other task, request or timer of the loop goes on.',
    },
    fixes,
  };
}

function fixesOf(fn: ResolvedFunction, { api, chain, point }: BlockedAt, facts: Facts): readonly FixIntent[] {
  const site = { function: fn.key, point };
  const call = modelOf(fn).operations[point];
  if (call?.kind !== 'call' || isUnderLock(fn, point)) return [];
  if (chain.length > 0) return fn.calls.get(point)?.targets.every((target) => isHelperFitForThread(target, facts)) ? [{ kind: 'run-in-thread', site }] : [];
  if (api === 'time.sleep') return [{ kind: 'await-sleep', site }];
  if (api === 'concurrent.futures.Future.result') return call.arguments.length === 0 ? [{ kind: 'wrap-future', site }] : [];
  return isFitForThread(api, call) ? [{ kind: 'run-in-thread', site }] : [];
}
