// A pool of processes gets its items one at a time, and each costs more to send than to work on.
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { argumentOf, hasSpread } from './shared/made-objects';

/** Methods that send each item on its own unless told otherwise. */
const ONE_BY_ONE = /^(?:multiprocessing\.pool\.Pool\.imap(?:_unordered)?|concurrent\.futures\.ProcessPoolExecutor\.map)$/;

export const manyTinyItems: Rule = {
  id: 'many-tiny-items',
  family: 'advice',
  languages: ['python'],
  severity: 'hint',
  subject: 'module',
  when: callingInFile('imap', 'imap_unordered', 'map'),
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [point, call] of fn.calls) {
        const operation = modelOf(fn).operations[point];
        if (operation.kind !== 'call' || !ONE_BY_ONE.test(call.api?.name ?? '') || hasSpread(operation) || argumentOf(operation, 'chunksize') !== undefined)
          continue;
        if (call.api!.name.includes('imap') && operation.arguments.length > 2) continue;
        const work = call.spawns.find((spawn) => spawn.function !== undefined)?.function;
        if (work === undefined || !isTiny(work, facts) || !isMany(fn, operation)) continue;
        yield {
          rule: manyTinyItems.id,
          family: manyTinyItems.family,
          severity: 'hint',
          confidence: 0.4,
          site: { function: fn.key, point },
          message: `Sending costs more than the work: ${callOfKey(work)} does little, and each item goes to a process and back on its own, pickled both ways. Give a chunksize, some hundreds of items, so that many go at a time.`,
          related: [],
          fixes: [],
        };
      }
    }
  },
};

/** A few operations, no loop, nothing that waits. */
function isTiny(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn || fn.module.file !== key.slice(0, key.lastIndexOf('#')) || (facts.summaryOf(key)?.blocks.size ?? 0) > 0) return false;
  const { operations, body } = modelOf(fn);
  return (
    operations.length <= 6 &&
    body.every((step) => typeof step === 'number' || step.kind === 'branch') &&
    [...fn.calls.values()].every((call) => call.targets.length === 0)
  );
}

/** `range(100_000)`, or a list of unknown length made by a call of range. */
function isMany(fn: ResolvedFunction, call: Call): boolean {
  const items = call.arguments[1]?.value;
  if (items?.kind !== 'place' || items.place.root.kind !== 'result') return false;
  const made = modelOf(fn).operations[items.place.root.operation];
  if (made?.kind !== 'call' || made.callee.kind !== 'place' || made.callee.place.root.kind !== 'global' || made.callee.place.root.name !== 'range')
    return false;
  const limit = made.arguments.at(made.arguments.length > 1 ? 1 : 0)?.value;
  return limit?.kind !== 'constant' || (typeof limit.value === 'number' && limit.value >= 1000);
}
