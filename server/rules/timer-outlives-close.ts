// A timer is started for something that comes to an end, and goes on after that end.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { calledBy } from './shared/call-tree';
import { callingInFile } from './shared/conditions';
import { LOOKS } from './shared/future-methods';
import { isOwnField, isTold, type Lifetime, lifetimesIn, lifetimesOnce } from './shared/lifetimes';
import { outlives, ownerOf } from './shared/outliving';
import { type Kept, keptAt, usesOfPlace } from './shared/place-uses';

const TIMERS = /^set(?:Interval|Timeout)$/;
const CLEARS = /^(?:clear(?:Interval|Timeout)|clear|cancel|close|unref|dispose)$/;
/** Flags that say so if something is over, wherever they are tested. */
const OVER = /clos|stop|dispos|destroy|end|dead|cancel|abort|running|active|alive|shut|unmount|terminat/i;
/** What a timer that fires once may begin anew. */
const BEGINS = /^_?#?(?:(?:re)?connect|(?:re)?start|(?:re)?open|retry|poll|run|login|listen|subscribe|schedule)(?:[A-Z]\w*)?$/;

export const timerOutlivesClose: Rule = {
  id: 'timer-outlives-close',
  family: 'lifecycle',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['end-with-owner'],
  when: callingInFile('setInterval', 'setTimeout'),
  *check(file, facts) {
    for (const [fn, point, lifetime] of lifetimesOnce(lifetimesIn(file, facts), startsTimer)) {
      const call = modelOf(fn).operations[point] as Call;
      const finding = timerOf(fn, point, call, lifetime, facts);
      if (finding) yield finding;
    }
  },
};

function startsTimer(call: Call): boolean {
  if (call.callee.kind !== 'place' || !TIMERS.test(calledName(call))) return false;
  const { root, path } = call.callee.place;
  return (root.kind === 'global' && path.length <= 1) || (root.kind === 'import' && /^timers$/.test(root.specifier));
}

function timerOf(fn: ResolvedFunction, point: number, call: Call, lifetime: Lifetime, facts: Facts): Finding | undefined {
  const runs = facts.program.functions.get(runsOf(fn, point));
  if (!runs) return undefined;
  const repeats = calledName(call) === 'setInterval';
  const kept = keptAt(fn, point);
  if (kept.gone || kept.uses.some((use) => CLEARS.test(use.name) || use.kind === 'argument')) return undefined;
  if (!kept.names.every((name) => isOwnField(name, lifetime, facts))) return undefined;
  const round = calledBy(facts, runs.key);
  // What it starts anew, where it fires once.
  const again = repeats ? undefined : beginsAnew(runs, round, fn);
  if (!repeats && again === undefined) return undefined;
  // Nobody waits for what an effect has begun once; what a handler starts once ends by itself.
  if (!repeats && lifetime.kind === 'connection') return undefined;
  if (isCleared(kept, fn, repeats, lifetime) || isTold(lifetime, repeats ? [runs.key] : round, facts) || (repeats && isTold(lifetime, round, facts, OVER)))
    return undefined;
  // Somebody who starts it in a function without an end of its own has to keep it.
  if (lifetime.kind !== 'class' && lifetime.closing.length === 0 && !kept.dropped && lifetime.kind !== 'effect') return undefined;
  const end = lifetime.closing[0];
  const endName = end === undefined ? undefined : callOfKey(end);
  const severity: Severity = 'warning';
  const does = repeats ? 'This interval goes on' : 'This timer starts the work again';
  const left =
    endName === undefined
      ? `${lifetime.name} gives back nothing that clears it`
      : kept.dropped
        ? `its handle is dropped, so that ${endName} cannot clear it`
        : `${endName} does not clear it`;
  return {
    rule: timerOutlivesClose.id,
    family: timerOutlivesClose.family,
    severity,
    confidence: 0.75,
    site: { function: fn.key, point },
    message: `${does} after ${endOf(lifetime, endName)}: ${left}, and nothing that it runs asks whether it should. It keeps ${lifetime.kind === 'class' ? `the closed ${lifetime.name}` : 'what it works on'} and the process alive, ${repeats ? 'and goes on changing what nobody looks at' : `and ${again} undoes the end`}. Keep the handle and clear it ${endName === undefined ? 'in a clean-up' : `in ${endName}`}.`,
    related: [
      { site: { function: fn.key, point }, message: `${callOfKey(fn.key)} starts the timer here` },
      ...lifetime.closing.slice(0, 3).map((key) => ({
        site: { function: key, point: NAME },
        message: `${callOfKey(key)} ends ${lifetime.kind === 'class' ? `the ${lifetime.name}` : lifetime.name}, and leaves the timer running`,
      })),
    ],
    // The other side's end, where no function sees to it yet, is for a person to listen for.
    interleaving: outlives({
      owner: ownerOf(lifetime),
      what: 'the timer',
      begins: { function: fn.key, point },
      ends: end === undefined ? undefined : { function: end, point: NAME },
      after: { function: runs.key, point: NAME },
      does: 'fires',
    }),
    fixes:
      end !== undefined || lifetime.kind === 'effect'
        ? [
            {
              kind: 'end-with-owner',
              site: { function: fn.key, point },
              end: end === undefined ? undefined : { function: end, point: NAME },
              undo: repeats ? 'clearInterval' : 'clearTimeout',
            },
          ]
        : [],
  };
}

function endOf(lifetime: Lifetime, endName: string | undefined): string {
  if (lifetime.kind === 'effect') return 'its component is gone';
  return lifetime.kind === 'connection' ? 'the other side has gone' : (endName ?? 'the end');
}

function runsOf(fn: ResolvedFunction, point: number): string {
  return fn.calls.get(point)?.spawns.find((spawn) => spawn.as === 'timer')?.function ?? '';
}

/** What a callback calls that begins the work again: the function that started its timer, or one that is called so. */
function beginsAnew(runs: ResolvedFunction, round: ReadonlySet<string>, starter: ResolvedFunction): string | undefined {
  if (round.has(starter.key)) return callOfKey(starter.key);
  for (const operation of modelOf(runs).operations) {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
    const { root, path } = operation.callee.place;
    // A part that is told to begin may have been ended; the object itself would know.
    if (root.kind === 'global' || path.length > (root.kind === 'receiver' ? 1 : 0)) continue;
    if (BEGINS.test(calledName(operation))) return `${calledName(operation)}()`;
  }
  return BEGINS.test(modelOf(runs).name) ? callOfKey(runs.key) : undefined;
}

/** Somebody clears it, other than to start it anew right away. */
function isCleared(kept: Kept, starter: ResolvedFunction, repeats: boolean, lifetime: Lifetime): boolean {
  for (const name of [...kept.names, ...kept.containers]) {
    for (const use of usesOfPlace(name, lifetime.parts)) {
      if (use.kind === 'write' || LOOKS.test(use.name) || (use.kind === 'method' && /^(?:push|add|set|has|hasRef|refresh)$/.test(use.name))) continue;
      if (!repeats && use.fn === starter && use.kind === 'argument' && use.name.startsWith('clear') && !lifetime.ends.has(use.fn.key)) continue;
      return true;
    }
  }
  return false;
}
