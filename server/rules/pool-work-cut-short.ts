// Work is given to a multiprocessing pool and nobody waits for it before the pool, or the program, ends it.
import { methodOf } from '../model/calls';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, oneRun, second } from './shared/interleavings';
import { type MadeObject, madeIn } from './shared/made-objects';
import { flowsOf } from './shared/object-flow';
import { lifeOf } from './shared/object-life';

const STARTS = /^(?:apply_async|map_async|starmap_async|imap|imap_unordered)$/;

export const poolWorkCutShort: Rule = {
  id: 'pool-work-cut-short',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['close-and-join'],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => /^multiprocessing\.pool\.(?:Thread)?Pool$/.test(api))) {
      const finding = cutShort(made, facts);
      if (finding) yield finding;
    }
  },
};

function cutShort(made: MadeObject, facts: Facts): Finding | undefined {
  const { fn } = made;
  const life = lifeOf(facts, made.fn.key, made.point);
  if (life.escapes || life.offered || life.cells.length > 0 || life.uses.some((use) => use.name === 'join' || use.site.function !== fn.key)) return undefined;
  const given = life.uses.filter((use) => STARTS.test(use.name));
  if (given.length === 0) return undefined;
  // The end of a with statement calls terminate(), not close() and join().
  const entered = flowsOf(modelOf(fn), [made.point], [{ root: { kind: 'result', operation: made.point }, path: [] }]).find((flow) => flow.kind === 'entered');
  const ended = life.uses.find((use) => use.name === 'terminate') ?? (entered ? undefined : life.uses.find((use) => use.name === 'close'));
  if (!entered && !ended) return undefined;
  const lost = given.find(({ site: { point } }) => isLeft(fn, point, entered?.point));
  if (!lost || waitsSomehow(fn)) return undefined;
  const { id, family, severity } = poolWorkCutShort;
  const who = callOfKey(fn.key);
  const end = entered
    ? 'the end of the with statement terminates the pool'
    : ended!.name === 'terminate'
      ? 'terminate() ends it'
      : 'the program ends its workers at exit, as nobody calls join()';
  return {
    rule: id,
    family,
    severity,
    confidence: 0.8,
    site: lost.site,
    message: `This work may never be done: ${who} gives it to the pool with ${lost.name}() and does not wait for it, and ${end}, whatever is still queued or under way. Wait for the result with get(), or call close() and join() before the pool goes.`,
    related: [
      { site: { function: fn.key, point: made.point }, message: `${who} makes the pool here` },
      { site: lost.site, message: `${lost.name}() returns at once; the work is done later` },
      ...(ended
        ? [
            {
              site: ended.site,
              message:
                entered || ended.name === 'terminate' ? 'The pool is terminated here' : 'close() takes no more work, but does not wait for what there is',
            },
          ]
        : []),
    ],
    interleaving: {
      sides: [oneRun(undefined, fn.key), 'worker of the pool'],
      steps: [
        first(lost.site, `hands work over with ${lost.name}(), and goes on`),
        second(lost.site, 'has the work before it, or is in the middle of it'),
        first(
          ended?.site ?? { function: fn.key, point: made.point },
          ended ? `calls ${ended.name}(), and waits for nothing` : 'comes to the end of the with statement, which ends the pool',
        ),
        second(lost.site, 'is ended before it is done'),
      ],
      harm: 'lost',
      outcome: 'The work is not done, or half of it.',
    },
    fixes: ended?.name === 'terminate' ? [] : [{ kind: 'close-and-join', site: lost.site, ...(entered ? {} : { closed: ended!.site }) }],
  };
}

/** Whether what a call gives is not waited for, inside the with step if there is one. */
function isLeft(fn: ResolvedFunction, point: number, inside: number | undefined): boolean {
  const model = modelOf(fn);
  const operation = model.operations[point];
  if (operation?.kind !== 'call') return false;
  if (operation.outcome === 'dropped') return true;
  const within = (at: number) => inside === undefined || (enclosing(model).get(at) ?? []).some((around) => around.kind === 'with' && around.point === inside);
  const flows = flowsOf(model, [point], [{ root: { kind: 'result', operation: point }, path: [] }]);
  // Waited for after the pool is gone: it hangs, or the work has been dropped.
  const waits = flows.filter((flow) => flow.kind === 'method' && /^(?:get|wait|next)$/.test(flow.name));
  return inside !== undefined && waits.length > 0 && flows.every((flow) => !within(flow.point) && flow.kind !== 'argument' && flow.kind !== 'stored');
}

/** Waits for something whose origin is not followed: results in a list, an event that a callback sets, a queue. */
function waitsSomehow(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some(
    (operation, point) =>
      operation.kind === 'call' &&
      /^(?:get|wait|join|acquire|sleep|result|ready)$/.test(methodOf(operation)) &&
      !STARTS.test(methodOf(operation)) &&
      !isPoolResult(fn, point),
  );
}

/** `r.get()` of what an `apply_async` gave: looked at one by one. */
function isPoolResult(fn: ResolvedFunction, point: number): boolean {
  return /AsyncResult\.\w+$/.test(fn.calls.get(point)?.api?.name ?? '');
}
