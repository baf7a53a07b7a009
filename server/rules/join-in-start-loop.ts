// Each thread is waited for in the very loop that starts it, so that never two of them run at a time.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { printPlace } from '../model/place';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, loopAround } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { isStartable, wordFor } from './shared/startables';

export const joinInStartLoop: Rule = {
  id: 'join-in-start-loop',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('join'),
  fixes: ['join-after-loop'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const { operations } = modelOf(fn);
    for (const [number, join] of operations.entries()) {
      if (join.kind !== 'call' || calledName(join) !== 'join' || join.arguments.length > 0) continue;
      const api = startableOf(fn, join, facts);
      const start = api === undefined ? undefined : startBefore(fn, number, join);
      if (start === undefined || api === undefined) continue;
      const word = wordFor(api);
      const finding: Finding = {
        rule: joinInStartLoop.id,
        family: joinInStartLoop.family,
        severity: joinInStartLoop.severity,
        confidence: 0.8,
        site: { function: key, point: number },
        message: `Only one at a time: the loop starts a ${word} and waits for its end before it starts the next, so the ${word}s run one after another, as plain calls would. Start them all in one loop and join them in a second one.`,
        related: [
          { site: { function: key, point: start }, message: `Each round starts a ${word} here …` },
          { site: { function: key, point: number }, message: '… and waits here until it has ended' },
        ],
        fixes: [{ kind: 'join-after-loop', site: { function: key, point: number }, process: word === 'process' }],
      };
      yield finding;
    }
  },
};

/** The library class of the object that a method is called on, if that is a thread or a process. */
function startableOf(fn: ResolvedFunction, call: Call, facts: Facts): string | undefined {
  const name = facts.program.resolver.typeOf(fn.module, fn.index, call.callee);
  if (name?.kind !== 'api') return undefined;
  const method = facts.program.resolver.api(fn.module.language, name.name)?.name ?? name.name;
  const owner = method.slice(0, method.lastIndexOf('.'));
  return isStartable(owner) ? owner : undefined;
}

/** The start of the same object in the same round, with nothing done in between that could run beside it. */
function startBefore(fn: ResolvedFunction, number: number, join: Call): number | undefined {
  const model = modelOf(fn);
  const loop = loopAround(model, number);
  if (!loop || loop.endless || join.callee.kind !== 'place') return undefined;
  const object = printPlace({ root: join.callee.place.root, path: join.callee.place.path.slice(0, -1) });
  for (let before = number - 1; before >= 0; before--) {
    const operation = model.operations[before];
    if (operation.kind !== 'call') continue;
    if (calledName(operation) === 'start' && operation.callee.kind === 'place') {
      const { root, path } = operation.callee.place;
      // Another object's start in between: two at least run at a time.
      if (printPlace({ root, path: path.slice(0, -1) }) !== object || loopAround(model, before) !== loop) return undefined;
      return isSameLevel(fn, before, number) && !startsAnother(fn, before, loop) ? before : undefined;
    }
    if (!IDLE.test(calledName(operation))) return undefined;
  }
  return undefined;
}

/** Neither is behind a condition that the other is not behind. */
function isSameLevel(fn: ResolvedFunction, a: number, b: number): boolean {
  const around = enclosing(modelOf(fn));
  return around.get(a)?.[0]?.step === around.get(b)?.[0]?.step;
}

/** Further objects are started in the same round before it, which run meanwhile. */
function startsAnother(fn: ResolvedFunction, start: number, loop: unknown): boolean {
  const model = modelOf(fn);
  return model.operations.some(
    (operation, number) => operation.kind === 'call' && number !== start && calledName(operation) === 'start' && loopAround(model, number) === loop,
  );
}

/** What may stand between start and join without being work that the caller does meanwhile. */
const IDLE = /^(?:print|debug|info|warning|error|log|append|add|time|sleep|perf_counter|monotonic|format|str|len|is_alive|put)$/;
