// Lowered marks: a flag that says there is something to save is taken down after the wait for the save, with what was changed meanwhile.
import type { Call } from '../../model/operation';
import { lastName } from '../../model/place';
import type { CellAccess, Facts } from '../../summary/facts';
import { fileOfKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { type FlowStep, flowIn } from './await-flow';
import { canMeet, type Reason } from './in-flight';

/** A save that is waited for, the mark that is taken down after it, and who sets the mark meanwhile. */
export interface LoweredMark {
  readonly lowered: FlowStep;
  readonly saved: Site;
  readonly raised: CellAccess;
  readonly reason: Reason;
}

const MARK = /dirty|changed|changes|modified|unsaved|touched|need\w*(?:save|sync|flush|update|write|render|refresh)|out_?of_?date/i;
const SAVES = /^_*(?:auto_?)?(?:save|flush|write|persist|store|sync|upload|send|push|put|post|patch|commit|update|upsert|set|publish|render|dump)/i;

/** The first mark of a function that is taken down too late. */
export function loweredMark(fn: ResolvedFunction, facts: Facts): LoweredMark | undefined {
  const { steps } = flowIn(fn, facts);
  for (const lowered of steps) {
    if (!isLowered(lowered) || lowered.site.function !== fn.key || lowered.epoch === 0 || lowered.cleanup) continue;
    const saved = saveBefore(fn, lowered, facts);
    // What has been looked at since the wait says whether anything has come meanwhile.
    if (saved === undefined || lowered.tests.some((test) => test.epoch === lowered.epoch)) continue;
    if (steps.some((step) => step.cell.key === lowered.cell.key && step.kind === 'write' && step.epoch < lowered.epoch)) continue;
    const raised = raisedBy(fn, lowered, facts);
    if (raised) return { lowered, saved: { function: fn.key, point: saved }, ...raised };
  }
  return undefined;
}

function isLowered({ kind, cell, write }: FlowStep): boolean {
  if (kind !== 'write' || cell.element || write?.mode !== 'assign' || write.value.kind !== 'constant' || write.value.value !== false) return false;
  return MARK.test(nameOfKey(cell.key).split('.').at(-1)!);
}

/** The last call before it that is waited for, where it saves something. */
function saveBefore(fn: ResolvedFunction, lowered: FlowStep, facts: Facts): number | undefined {
  const { operations } = modelOf(fn);
  for (let point = lowered.site.point - 1; point >= 0; point--) {
    const operation = operations[point];
    if (operation.kind !== 'call' || operation.outcome !== 'awaited') continue;
    return savesSomething(operation) && !isHeld(fn, point, facts) ? point : undefined;
  }
  return undefined;
}

function savesSomething({ callee, arguments: given }: Call): boolean {
  const name = callee.kind === 'place' ? (lastName(callee.place) ?? '') : '';
  return SAVES.test(name) || (name === 'fetch' && given.length > 1);
}

function isHeld(fn: ResolvedFunction, point: number, facts: Facts): boolean {
  return (
    (facts.contextOf(fn.key).entry?.length ?? 0) > 0 || (facts.summaryOf(fn.key)?.awaits.some((each) => each.point > point && each.held.length > 0) ?? false)
  );
}

/** Somebody who raises the mark and can do so meanwhile. */
function raisedBy(fn: ResolvedFunction, lowered: FlowStep, facts: Facts): { raised: CellAccess; reason: Reason } | undefined {
  const found = facts.accessesOf(lowered.cell.key).flatMap((access) => {
    const other = facts.program.functions.get(access.function);
    if (!other || !access.write || access.owned || other.key === fn.key || fileOfKey(other.key) !== fileOfKey(fn.key)) return [];
    const { kind, operations } = modelOf(other);
    const write = operations[access.point];
    if (kind === 'constructor' || kind === 'module' || write?.kind !== 'write' || write.value.kind !== 'constant' || write.value.value !== true) return [];
    const reason = canMeet(fn, other, facts, true);
    return reason ? [{ raised: access, reason }] : [];
  });
  return found.find(({ reason }) => reason.known) ?? found[0];
}
