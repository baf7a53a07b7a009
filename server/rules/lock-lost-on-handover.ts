// A lock that one function takes and another gives back is lost when an error comes between.
import { methodOf } from '../model/calls';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { BEFORE, lockFaults } from '../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { handlesLocks } from './shared/conditions';
import { describeOperation } from './shared/describe-operation';
import { first, oneRun } from './shared/interleavings';
import { lockCalls } from './shared/lock-calls';
import { neverGivenBack } from './shared/wait-interleavings';

export const lockLostOnHandover: Rule = {
  id: 'lock-lost-on-handover',
  family: 'lock-leak',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: handlesLocks,
  fixes: ['release-in-finally', 'release-on-error'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const { taken, given } = actionsOf(fn, facts);
    const onlyGiven = [...given].flatMap(([lock, { last }]) => (last && !taken.has(lock) && endsTheHold(fn, facts) ? [lock] : []));
    if (onlyGiven.length === 0 && taken.size === 0) return;
    const told = new Set<string>();
    for (const fault of lockFaults(fn, (target) => facts.summaryOf(target), onlyGiven)) {
      if (fault.kind !== 'exception' || told.has(fault.lock)) continue;
      const before = fault.taken === BEFORE;
      if (!before && (given.has(fault.lock) || !handsOver(fn, fault.at))) continue;
      const name = (before ? given : taken).get(fault.lock)?.name ?? 'the lock';
      const site = before ? given.get(fault.lock)!.point : fault.taken;
      // An error behind the release loses nothing.
      if (before && fault.at > site) continue;
      told.add(fault.lock);
      yield findingOf(fn, name, site, fault.at, before);
    }
  },
};

function findingOf(fn: ResolvedFunction, name: string, site: Point, raising: Point, before: boolean): Finding {
  const at = (point: Point) => ({ function: fn.key, point });
  const what = describeOperation(fn, raising);
  return {
    rule: lockLostOnHandover.id,
    family: lockLostOnHandover.family,
    severity: lockLostOnHandover.severity,
    confidence: 0.7,
    site: at(site),
    message: before
      ? `This release of ${name} is not reached if ${what} raises: ${name} was taken for this run elsewhere, nobody else gives it back, and whoever needs it next waits for ever. Put the release in a finally.`
      : `${name} stays taken if ${what} raises: the code that gives it back is not running yet then, and whoever needs ${name} next waits for ever. Catch the error, release, and raise it again.`,
    related: [{ site: at(raising), message: before ? `When ${what} raises, the release below is skipped` : `When ${what} raises, nothing gives ${name} back` }],
    interleaving: before
      ? {
          sides: [oneRun(undefined, fn.key)],
          steps: [first(at(raising), `fails here, holding ${name}`), first(at(site), `is skipped: ${name} is not given back`)],
          harm: 'stuck',
          outcome: `Whoever needs ${name} next waits for ever.`,
        }
      : neverGivenBack(name, at(site), at(raising), `fails here, and leaves with ${name} taken`),
    fixes: [before ? { kind: 'release-in-finally', site: at(site), releases: [at(site)] } : { kind: 'release-on-error', site: at(site), raising: at(raising) }],
  };
}

function actionsOf(fn: ResolvedFunction, facts: Facts) {
  const taken = new Map<string, { name: string; point: Point }>();
  const given = new Map<string, { name: string; point: Point; last: boolean }>();
  for (const [point, actions] of lockCalls(fn, facts)) {
    for (const { kind, lock, name, by } of actions) {
      // What has been taken elsewhere is a lock only if something says so; and it is given back once, at the end.
      if (kind === 'acquire') taken.set(lock, { name, point });
      else given.set(lock, { name, point, last: by === 'lock' && (enclosing(modelOf(fn)).get(point) ?? []).every((outer) => outer.kind === 'with') });
    }
  }
  return { taken, given };
}

/** `__exit__`, or what runs as a thread or job of its own: nobody above it releases in its place. */
function endsTheHold(fn: ResolvedFunction, facts: Facts): boolean {
  if (/^__a?exit__$/.test(modelOf(fn).name)) return true;
  return facts.contextOf(fn.key).roots.some((root) => rootParts(root).function === fn.key && /^(?:thread|process|task)$/.test(rootParts(root).kind));
}

/** A job that is submitted gives it back later; a with statement whose `__enter__` fails never calls `__exit__`. */
function handsOver(fn: ResolvedFunction, raising: Point): boolean {
  if (/^__a?enter__$/.test(modelOf(fn).name)) return true;
  const operation = modelOf(fn).operations[raising];
  return operation?.kind === 'call' && /^(?:submit|apply_async|run_in_executor|map_async|start_soon|enqueue)$/.test(methodOf(operation));
}
