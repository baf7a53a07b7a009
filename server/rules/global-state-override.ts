// A module's or class's state is saved, changed for a while and put back, while other threads do the same.
import type { RootId } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { type CellKey, callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { behind } from '../summary/origins';
import { modelOf } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Interleaving } from './finding';
import type { Rule } from './rule';
import { first, second, twoRuns } from './shared/interleavings';
import { entering, isRestoring, isUnderLock, runsTwice } from './shared/restoring-steps';
import { isUnguarded, sharedAccesses } from './shared/shared-access';
import { startsOf, whyTheyMeet } from './shared/shared-access-traces';

export const globalStateOverride: Rule = {
  id: 'global-state-override',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  fixes: [],
  *check(cell, facts) {
    // A field of an object may be of an object per thread; what stands in a module or class is one.
    if (!isGlobal(cell, facts)) return;
    const accesses = sharedAccesses(cell, facts);
    for (const key of functionsAround(facts.accessesOf(cell), facts)) {
      const roots = runsTwice(key, facts);
      const found = roots && (restored(key, accesses, facts) ?? restoredOnExit(key, cell, facts));
      if (!found) continue;
      const place = nameOfKey(cell);
      yield {
        rule: globalStateOverride.id,
        family: globalStateOverride.family,
        severity: globalStateOverride.severity,
        confidence: 0.75,
        site: { function: key, point: found.restores },
        message: `${place} is one for the whole process, and ${callOfKey(key)} saves it, changes it for a while and puts it back: other threads see the change meanwhile, and two that overlap put back each other's values, so that a change can stay for good. ${whyTheyMeet({ roots: roots!, by: 'threads' })} Keep it in a contextvars.ContextVar or a threading.local(), or hand it on as an argument.`,
        related: [
          { site: { function: found.begins ?? key, point: found.saves }, message: `thread A: ${callOfKey(found.begins ?? key)} saves what ${place} is` },
          { site: { function: found.begins ?? key, point: found.changes }, message: `thread A: changes it; thread B can save, and change, what A has set` },
          { site: { function: key, point: found.restores }, message: `thread A: puts back what it saved, while B still counts on its own` },
          ...startsOf(roots!, facts),
        ],
        fixes: [],
        interleaving: overlapping(key, found, place, roots!),
      };
      return;
    }
  },
};

function isGlobal(cell: CellKey, facts: Facts): boolean {
  const [first] = facts.accessesOf(cell);
  if (!first || cell.includes('#') !== (first.cell.owner !== undefined)) return false;
  if (first.cell.owner === undefined) return true;
  return (
    facts.accessesOf(cell).every((access) => {
      const fn = facts.program.functions.get(access.function);
      const operation = fn && modelOf(fn).operations[access.point];
      return operation?.kind !== 'write' || operation.place.root.kind !== 'receiver';
    }) && facts.accessesOf(cell).every((access) => !access.onReceiver)
  );
}

/** The functions that touch the place, and those that call them. */
function functionsAround(accesses: readonly CellAccess[], facts: Facts): readonly FunctionKey[] {
  const own = new Set(accesses.map((access) => access.function));
  const callers = [...own].flatMap((key) => byKey(facts.program.callers.get(key)).map(([caller]) => caller));
  return [...new Set([...own, ...callers])].sort();
}

interface Override {
  readonly saves: Point;
  readonly changes: Point;
  readonly restores: Point;
  /** The function that saves and changes, where it is not the one that restores. */
  readonly begins?: FunctionKey;
}

/** Two that overlap: the second one saves what the first one has set for a while, and puts that back for good. */
function overlapping(key: FunctionKey, { begins = key, saves, changes, restores }: Override, place: string, roots: readonly RootId[]): Interleaving {
  const [saving, changing, restoring] = [
    { function: begins, point: saves },
    { function: begins, point: changes },
    { function: key, point: restores },
  ];
  return {
    sides: twoRuns(roots, saving, saving),
    steps: [
      first(saving, `saves what ${place} is`),
      first(changing, `changes ${place} for a while`),
      second(saving, `saves what ${place} is now: what the other has set`),
      second(changing, `changes ${place}, while the other counts on its own`),
      first(restoring, 'puts back what it saved, while the other counts on its own'),
      second(restoring, 'puts back what it saved: what the other had set for a while'),
    ],
    harm: 'wrong',
    outcome: `What was meant for a while stays in ${place} for good.`,
  };
}

/** `__enter__` saves and changes the place, `__exit__` writes it again. */
function restoredOnExit(key: FunctionKey, cell: CellKey, facts: Facts): Override | undefined {
  const fn = facts.program.functions.get(key);
  const enter = fn && entering(fn, facts);
  if (!fn || !enter) return undefined;
  const own = facts.accessesOf(cell).filter((access) => isUnguarded(access, facts));
  const restores = own.find((access) => access.function === key && access.write && !access.constant);
  const saves = own.find((access) => access.function === enter.key && !access.write);
  const changes = saves && own.find((access) => access.function === enter.key && access.write && access.point > saves.point);
  return restores && saves && changes ? { saves: saves.point, changes: changes.point, restores: restores.point, begins: enter.key } : undefined;
}

/** Where a function saves the place, changes it, and puts back what it saved; by itself or by those it calls. */
function restored(key: FunctionKey, accesses: readonly CellAccess[], facts: Facts): Override | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn) return undefined;
  const model = modelOf(fn);
  const steps = (write: boolean): Point[] => {
    const direct = accesses.filter((access) => access.function === key && access.write === write).map((access) => access.point);
    const callees = new Set(
      accesses.filter((access) => access.write === write && access.function !== key && isUnguarded(access, facts)).map((access) => access.function),
    );
    const calls = (facts.summaryOf(key)?.calls ?? []).filter((call) => callees.has(call.target) && call.point >= 0).map((call) => call.point);
    return [...new Set([...direct, ...calls])].sort((a, b) => a - b);
  };
  const reads = new Set(steps(false));
  const writes = steps(true);
  for (const restores of writes) {
    if (!isRestoring(fn, restores) || isUnderLock(fn, restores, facts)) continue;
    const from = behind(model, model.operations[restores].depends);
    const saves = [...reads].find((point) => from.has(point) && point < restores);
    const changes = writes.find((point) => saves !== undefined && point > saves && point < restores);
    if (saves !== undefined && changes !== undefined) return { saves, changes, restores };
  }
  return undefined;
}
