// Guarding a place: the fix that holds one lock wherever a place is used, the one that guards it already or a new one.
import type { CellAccess, Facts } from '../../summary/facts';
import { type CellKey, type ClassKey, fileOfKey, type LockKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { FixIntent, GuardedUse } from '../fix-intent';
import { dominantLock, isHeldByCaller, lockExpression, ownLock } from './guarding-lock';
import { iterationsOf } from './iterations';
import { isUnguarded, meetingOf, sharedAccesses } from './shared-access';

/** A fix that guards a place in all functions of its file; none where others use it too, or use it through another name. */
export function guardPlace(cell: CellKey, reported: CellAccess, facts: Facts): FixIntent[] {
  const { function: key, point } = reported;
  const all = facts.accessesOf(cell).filter((access) => !access.owned && modelOf(facts.program.functions.get(access.function)!).kind !== 'module');
  const [{ cell: place }] = all;
  const file = fileOfKey(cell);
  const name = cell.slice((place.owner ?? file).length + 1);
  if (!/^\w+$/.test(name) || facts.cellsBelow(cell).some((below) => facts.accessesOf(below).some((access) => access.write))) return [];
  const dominant = dominantLock(all, facts);
  const writes = all.filter((access) => access.write);
  // A lock that some changes happen to be made under is there for something else.
  if (dominant !== undefined && 2 * writes.filter((access) => facts.threadGuardsOf(access).has(dominant)).length < writes.length) return [];
  const lock = dominant ?? ownLock(all[0], facts);
  if (lock === undefined && place.owner !== undefined && wakesOthers(cell, place.owner, facts)) return [];
  const isReported = (access: CellAccess) => access.function === key && access.point === point;
  const uses: GuardedUse[] = [];
  const walks = new Set([...iterationsOf(all, facts)].map(({ access }) => `${access.function} ${access.point}`));
  for (const access of all) {
    if (lock !== undefined && facts.threadGuardsOf(access).has(lock)) continue;
    const use = fileOfKey(access.function) === file ? useOf(isReported(access) ? reported : access, name, lock, facts) : undefined;
    if (!use) return [];
    // What counts on what a check found needs both in one go.
    const rests = access.cell.element && access.restsOn.length > 0;
    uses.push({ ...use, needed: access.write || isReported(access) || rests || walks.has(`${access.function} ${access.point}`) });
  }
  return [{ kind: 'guard-place', site: { function: key, point }, name, uses, ...(place.owner ? { owner: place.owner } : {}), ...(lock ? { lock } : {}) }];
}

/** Whether a first lock in a class would show that threads are expected at its other fields, too, which stay without. */
function wakesOthers(cell: CellKey, owner: ClassKey, facts: Facts): boolean {
  return facts.cellsBelow(owner).some((other) => {
    if (other === cell) return false;
    const accesses = sharedAccesses(other, facts);
    const writes = accesses.filter((access) => access.write);
    return writes.some((access) => (access.update || access.checked) && isUnguarded(access, facts) && !writes.some((write) => meetingOf(access, write, facts)));
  });
}

/** Where an access and what it rests on stand, and how the lock is named there; undefined where the lock cannot be taken. */
function useOf(access: CellAccess, name: string, lock: LockKey | undefined, facts: Facts): Omit<GuardedUse, 'needed'> | undefined {
  const { function: key, point, restsOn } = access;
  const fn = facts.program.functions.get(key)!;
  const model = modelOf(fn);
  const operation = model.operations[point];
  const place =
    operation.kind === 'read' || operation.kind === 'write'
      ? operation.place
      : operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place;
  if (!place || (facts.contextOf(key).entry?.length ?? 0) > 0 || access.held.length > 0 || model.kind === 'lambda') return undefined;
  // A lock made for this call is there already, and keeps nobody out.
  if (
    enclosing(model)
      .get(point)
      ?.some((around) => around.kind === 'with' && fn.withs[~around.point]?.lock)
  )
    return undefined;
  const sites = [point, ...restsOn].map((each) => ({ function: key, point: each }));
  if (lock !== undefined) {
    const expression = lockExpression(key, lock, facts);
    return expression === undefined || isHeldByCaller(key, lock, facts) ? undefined : { lock: expression, sites };
  }
  if (place.root.kind === 'module' && place.root.name === name) return { sites };
  const receiver = model.parameters[0]?.name;
  const own = /^(?:method|property|class-method)$/.test(model.kind) && (place.root.kind === 'receiver' || place.root.kind === 'class');
  return own && place.path[0] === name && receiver !== undefined ? { receiver, sites } : undefined;
}
