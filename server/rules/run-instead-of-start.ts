// run() of a thread or process is called where start() is meant: the work is done in the calling thread, one after another.
import { methodOf } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { printPlace } from '../model/place';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { isStartable, wordFor } from './shared/startables';

export const runInsteadOfStart: Rule = {
  id: 'run-instead-of-start',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('run'),
  fixes: ['call-start'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const { operations } = modelOf(fn);
    for (const [number, call] of operations.entries()) {
      const api = call.kind === 'call' ? startableRun(fn, call, facts) : undefined;
      if (call.kind !== 'call' || api === undefined || startsToo(operations) || hasEnded(operations, call)) continue;
      const word = wordFor(api);
      const finding: Finding = {
        rule: runInsteadOfStart.id,
        family: runInsteadOfStart.family,
        severity: runInsteadOfStart.severity,
        confidence: 0.85,
        site: { function: key, point: number },
        message: `run() does the ${word}'s work right here, in the calling thread: no ${word} is started, and the caller goes on only when the work has ended. Call start(), which runs it in a ${word} of its own.`,
        related: [],
        fixes: isStartedToo(call, fn, facts) ? [] : [{ kind: 'call-start', site: { function: key, point: number } }],
      };
      yield finding;
    }
  },
};

/** The library class whose run() a call runs, on an object that is known to be a thread; not a class's own call of its base. */
function startableRun(fn: ResolvedFunction, call: Call, facts: Facts): string | undefined {
  if (call.callee.kind !== 'place' || methodOf(call) !== 'run') return undefined;
  const { root, path } = call.callee.place;
  if ((root.kind === 'receiver' && path.length === 1) || root.kind === 'class') return undefined;
  const { resolver } = facts.program;
  const holder = resolver.typeOfPlace(fn.module, fn.index, call.callee.place, path.length - 1);
  if (holder?.kind === 'library') return isStartable(holder.name) ? holder.name : undefined;
  if (holder?.kind !== 'instance' || holder.exact) return undefined;
  return resolver
    .libraryBases(holder.class)
    .map((base) => resolver.api(fn.module.language, base)?.name ?? base)
    .find(isStartable);
}

/** After `worker.join()` the thread is over, and its work is done once more on purpose. */
function hasEnded(operations: readonly Operation[], run: Call): boolean {
  const [target, at] = [holderOf(run), operations.indexOf(run)];
  return target !== undefined && operations.some((other, number) => number < at && other.kind === 'call' && holderOf(other, 'join') === target);
}

/** What a method is called on, as text. */
function holderOf({ callee }: Call, method = 'run'): string | undefined {
  if (callee.kind !== 'place' || callee.place.path.at(-1) !== method) return undefined;
  return printPlace({ root: callee.place.root, path: callee.place.path.slice(0, -1) });
}

/** Another function of the file starts what is called the same: a thread can be started only once. */
function isStartedToo(run: Call, fn: ResolvedFunction, facts: Facts): boolean {
  const holder = holderOf(run);
  return facts
    .functionsIn(fn.module.file)
    .some((other) => modelOf(other).operations.some((each) => each.kind === 'call' && holderOf(each, 'start') === holder && other !== fn));
}

/** Whoever calls start() in the same function knows the difference: `start() if threaded else run()`. */
function startsToo(operations: readonly Operation[]): boolean {
  return operations.some((operation) => operation.kind === 'call' && methodOf(operation) === 'start');
}
