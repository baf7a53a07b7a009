// A check and what it allows are under one lock each, or only the second of them: another thread can come in between.
import { methodOf } from '../model/calls';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, callOfKey, nameOfKey } from '../summary/keys';
import { callsBehind } from '../summary/origins';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { cameBetween } from './shared/between-sections';
import { harmOf } from './shared/check-harm';
import { isMetByOthers } from './shared/conditions';
import { changeOf, isCaught, operationOf } from './shared/container-changes';
import { holdLock } from './shared/guarding-lock';
import { exceedsLimit, isRemembered } from './shared/section-harm';
import { bothOffered, meetingOf, sharedAccesses } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';
import { splitCalls } from './shared/split-calls';
import { groundsOf, inSameSection } from './shared/stale-checks';

export const splitCriticalSection: Rule = {
  id: 'split-critical-section',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: ['check-again', 'hold-lock'],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    if (!accesses.some((access) => access.held.length > 0)) return;
    const finding = inOneFunction(cell, accesses, facts) ?? acrossCalls(cell, accesses, facts);
    if (finding) yield finding;
  },
};

/** The write is under a lock, and rests on a read from before the lock was taken that is not made again. */
function inOneFunction(cell: CellKey, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  for (const act of accesses) {
    if (!act.write || act.restsOn.length === 0 || act.makesLock) continue;
    const entry = facts.contextOf(act.function).entry ?? [];
    const lock = [...facts.threadGuardsOf(act)].find((held) => !entry.includes(held) && act.held.some((each) => each.lock === held && !each.reference.dynamic));
    if (lock === undefined || entry.length > 0) continue;
    const { tests, values } = groundsOf(act, accesses, facts);
    const isStale = (reads: readonly CellAccess[]) => reads.length > 0 && reads.every((read) => !inSameSection(read, act, lock));
    const stale = isStale(values) ? values : isStale(tests) ? tests : undefined;
    if (!stale) continue;
    const overfills = exceedsLimit(act, stale, facts);
    if (!overfills && !doesHarm(act, stale === values, facts)) continue;
    const rival = rivalOf(act, accesses, facts);
    if (!rival) continue;
    const [place, guard] = [nameOfKey(cell), nameOfKey(lock)];
    const before = stale[stale.length - 1];
    const apart = before.held.some((held) => held.lock === lock);
    const what = stale === values ? 'read' : 'checked';
    return {
      rule: splitCriticalSection.id,
      family: splitCriticalSection.family,
      // A limit that is looked at without the lock may be meant to be a rough one.
      severity: overfills && !apart ? 'information' : splitCriticalSection.severity,
      confidence: apart ? 0.75 : 0.7,
      site: { function: act.function, point: act.point },
      message: `${apart ? `Two separately locked steps: ${place} is ${what} under ${guard} and changed under it later` : `Checked outside the lock: ${place} is ${what} without ${guard} and changed under it`}, but ${guard} is ${apart ? 'free' : 'not held'} in between, so another thread can change ${place} after it was ${what}. ${whyTheyMeet(meetingOf(act, rival, facts))} ${apart ? 'Hold it once around both steps' : 'Check again once it is held, or hold it around both'}.`,
      related: [
        ...traceOf(before, place, apart ? `under ${guard}, which is then given back` : `without ${guard}`, facts),
        ...traceOf(act, place, 'resting on what was read before', facts, false),
        ...startsOf(meetingOf(act, rival, facts)?.roots ?? [], facts),
        ...traceOf(rival, place, 'in another thread, between the two', facts),
      ],
      fixes: [
        ...(apart || stale === values ? [] : [{ kind: 'check-again' as const, site: { function: act.function, point: act.point } }]),
        ...holdLock({ ...act, restsOn: stale.map((read) => read.point) }, lock, facts),
      ],
      interleaving: cameBetween({ look: before, act, rival, lock, place, what }, facts),
    };
  }
  return undefined;
}

/** Whether it matters that the check no longer holds: a flag set twice, or a key that may be missing, does no harm. */
function doesHarm(act: CellAccess, byValue: boolean, facts: Facts): boolean {
  if (byValue || act.update) return true;
  // A lock around making it shows that it was meant to be made once.
  if (!act.cell.element && isMadeInside(act, facts)) return true;
  const change = changeOf(act, facts);
  const operation = operationOf(act, facts);
  if (operation?.kind === 'call') {
    const method = methodOf(operation);
    return (method === 'remove' || method === 'popleft' || (method === 'pop' && operation.arguments.length < 2)) && !isCaught(act, /Error$/, facts);
  }
  if (operation?.kind !== 'write') return false;
  if (operation.mode === 'delete') return change === 'takes' && !isCaught(act, /Error$/, facts);
  return !act.constant && !/^(?:none|rewritten)$/.test(harmOf(act, facts));
}

/** Whether what is written was got from a call that the lock is held around. */
function isMadeInside(act: CellAccess, facts: Facts): boolean {
  const model = modelOf(facts.program.functions.get(act.function)!);
  const around = enclosing(model);
  const steps = new Set((around.get(act.point) ?? []).flatMap((each) => (each.kind === 'with' ? [each.point] : [])));
  const held = act.held.some((lock) => steps.has(lock.taken));
  return (
    held &&
    callsBehind(model, model.operations[act.point].depends).some((call) =>
      (around.get(call) ?? []).some((each) => each.kind === 'with' && act.held.some((lock) => lock.taken === each.point)),
    )
  );
}

/** Somebody who can come in between: another run of the same lines, or another write. */
function rivalOf(act: CellAccess, accesses: readonly CellAccess[], facts: Facts): CellAccess | undefined {
  const writes = [act, ...accesses.filter((access) => access.write && access !== act)];
  return writes.find((other) => bothOffered(act, other, facts) || meetingOf(act, other, facts));
}

/** One method looks, another changes; each holds the lock by itself, their caller holds it around neither. */
function acrossCalls(cell: CellKey, accesses: readonly CellAccess[], facts: Facts): Finding | undefined {
  for (const { caller, look, change, looker, changer, lock, byValue } of splitCalls(accesses, facts)) {
    const overfills = exceedsLimit(changer, [looker], facts);
    if (!byValue && !changer.update && !overfills && (harmOfChange(changer, facts) === 'none' || isRemembered(caller, change, changer, facts))) continue;
    const rival = [changer, ...accesses.filter((access) => access.write && access !== changer)].find(
      (other) => bothOffered(changer, other, facts) || meetingOf(changer, other, facts),
    );
    if (!rival) continue;
    const [place, guard] = [nameOfKey(cell), nameOfKey(lock)];
    const direct = changer.function === caller;
    return {
      rule: splitCriticalSection.id,
      family: splitCriticalSection.family,
      severity: splitCriticalSection.severity,
      confidence: 0.65,
      site: { function: caller, point: change },
      message: `Two separately locked steps: ${callOfKey(caller)} ${byValue ? 'gets' : 'checks'} ${place} by ${callOfKey(looker.function)} and then changes it${direct ? ` itself, each time under ${guard}, which is free` : ` by ${callOfKey(changer.function)}, each of which holds ${guard} only for itself`}${overfills ? ', so that there can be more in it than the check allows:' : ', so'} another thread can change ${place} in between. ${whyTheyMeet(meetingOf(changer, rival, facts))} Do both under ${guard}, in one ${direct ? 'go' : 'method'}.`,
      related: [
        { site: { function: caller, point: look }, message: `${callOfKey(caller)} calls ${callOfKey(looker.function)}` },
        ...traceOf(looker, place, `holding ${guard}, which is then given back`, facts, false),
        ...(direct
          ? []
          : [{ site: { function: caller, point: change }, message: `${callOfKey(caller)} acts on that and calls ${callOfKey(changer.function)}` }]),
        ...traceOf(changer, place, `holding ${guard} anew`, facts, false),
      ],
      fixes: [],
      interleaving: cameBetween(
        { look: looker, act: changer, rival, lock, place, what: byValue ? 'read' : 'checked', caller: { key: caller, look, ...(direct ? {} : { change }) } },
        facts,
      ),
    };
  }
  return undefined;
}

function harmOfChange(changer: CellAccess, facts: Facts): string {
  const operation = operationOf(changer, facts);
  if (operation?.kind === 'call') return methodOf(operation) === 'remove' && !isCaught(changer, /Error$/, facts) ? 'made' : 'none';
  if (operation?.kind !== 'write' || (operation.value.kind === 'constant' && operation.mode !== 'delete')) return 'none';
  if (operation.mode === 'delete') return isCaught(changer, /Error$/, facts) || changer.restsOn.length > 0 ? 'none' : 'made';
  return changer.restsOn.length > 0 ? 'none' : 'made';
}
