// A handler, a listener, a timer or an async function calls something that stops the event loop, which others wait for.
import type { BlockKind } from '../model/library';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding, Related, Severity } from './finding';
import type { Rule } from './rule';
import { twinAdvice } from './shared/asynchronous-twins';
import { first, second } from './shared/interleavings';
import { type Audience, audienceOf, type Others, wayFrom } from './shared/waiting-others';
import { isWorkerScript } from './shared/worker-code';

export const blockingCallWhileServing: Rule = {
  id: 'blocking-call-while-serving',
  family: 'blocking-in-async',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'function',
  fixes: ['use-promise-version'],
  when: (key, facts) => (facts.summaryOf(key)?.blocks.size ?? 0) > 0,
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const blockers = [...blockersIn(fn, facts)];
    const audience = blockers.length > 0 ? audienceOf(fn, facts) : undefined;
    if (!audience || (audience.others !== 'requests' && isWorkerScript(fn.module.file, facts))) return;
    for (const blocker of blockers) {
      const severity = severityOf(blocker, audience);
      if (severity) yield findingOf(fn, blocker, audience, severity, facts);
    }
  },
};

interface Blocker {
  readonly point: Point;
  readonly kind: BlockKind;
  readonly api: string;
}

/** The library's blocking calls in the function itself, the first of each kind; those that only fill a cache are none. */
function* blockersIn(fn: ResolvedFunction, facts: Facts): Iterable<Blocker> {
  for (const [kind, { point, next }] of facts.summaryOf(fn.key)?.blocks ?? []) {
    const api = fn.calls.get(point)?.api?.name;
    const operation = modelOf(fn).operations[point];
    if (next !== undefined || api === undefined || operation?.kind !== 'call') continue;
    // Waiting for a word without a limit, rather than for some time, is a matter of shared memory.
    if (kind === 'lock' && (api !== 'Atomics.wait' || operation.arguments.length < 4)) continue;
    yield { point, kind, api };
  }
}

/** Slow by design. */
const SLOW = /^(?:bcrypt\.|crypto\.(?:scrypt|pbkdf2|argon2|generate))/;

function severityOf({ kind, api }: Blocker, { others, timed }: Audience): Severity | undefined {
  if (others === 'requests') return 'warning';
  if (kind === 'sleep' || kind === 'lock' || kind === 'io' || SLOW.test(api)) return 'warning';
  if (kind === 'process') return others === 'events' ? 'warning' : undefined;
  if (kind === 'compute') return 'information';
  // Listeners are often there for what happens once; what a timer reads, and what is written down at each event, adds up.
  return others === 'events' && (timed || api === 'fs.appendFileSync') ? 'information' : undefined;
}

const WHILE: Readonly<Record<BlockKind, string>> = {
  sleep: 'while this sleeps',
  io: 'until the other side has answered',
  file: 'until the disk is done',
  files: 'until the disk is done, the longer the more files there are',
  lock: 'while this sleeps',
  queue: 'while this waits',
  process: 'until the command has ended',
  compute: 'while this computes',
};

const KEPT_WAITING: Readonly<Record<Others, string>> = {
  requests: 'no other request, message or timer is handled',
  events: 'no other listener or timer runs',
  callers: 'nothing else goes on that its callers have begun',
};

function findingOf(fn: ResolvedFunction, { point, kind, api }: Blocker, { others, root }: Audience, severity: Severity, facts: Facts): Finding {
  const way = root === undefined ? [] : wayFrom(root, fn.key, facts);
  const through = way.slice(1).map((step) => callOfKey(step.function));
  const who =
    root === undefined
      ? `${callOfKey(fn.key)} is ${modelOf(fn).isAsync ? 'async' : 'called by async functions'}, and`
      : root === fn.key
        ? `${callOfKey(fn.key)} runs ${AGAIN[others]}, and`
        : `${callOfKey(root)}, which runs ${AGAIN[others]}, comes here${through.length > 0 ? ` through ${through.join(', ')}` : ''}, and`;
  const steps: Related[] = way.map((step, i) => ({
    site: { function: step.function, point: step.point },
    message: `${callOfKey(step.function)} calls ${callOfKey(way[i + 1]?.function ?? fn.key)}`,
  }));
  return {
    rule: blockingCallWhileServing.id,
    family: blockingCallWhileServing.family,
    severity,
    confidence: severity === 'warning' ? Math.max(0.6, 0.9 - 0.03 * way.length) : 0.5,
    site: { function: fn.key, point },
    message: `${api}() stops the event loop: ${who} ${WHILE[kind]} ${KEPT_WAITING[others]}. ${twinAdvice(api, kind)}`,
    related: [...steps, { site: { function: fn.key, point }, message: 'The event loop stands still here' }],
    interleaving: {
      sides: root !== undefined && others === 'requests' ? ['one request or message', 'the next one'] : ['thread of the event loop'],
      steps: [
        first({ function: root ?? fn.key, point: NAME }, `runs ${callOfKey(root ?? fn.key)}`),
        ...way.map((step, i) => first(step, `calls ${callOfKey(way[i + 1]?.function ?? fn.key)}`)),
        first({ function: fn.key, point }, `calls ${api}(), and the event loop stands still`),
        ...(root !== undefined && others === 'requests' ? [second({ function: root, point: NAME }, 'has come in, and is not looked at')] : []),
      ],
      harm: 'stuck',
      outcome: `Until ${api}() is done ${KEPT_WAITING[others]}.`,
    },
    fixes: [{ kind: 'use-promise-version', site: { function: fn.key, point } }],
  };
}

const AGAIN: Readonly<Record<Others, string>> = {
  requests: 'for each request or message',
  events: 'again and again',
  callers: 'beside other work',
};
