// A timer starts itself anew each time it fires, and nothing ever cancels it.
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { calledBy, cellsChanged, cellsTouched } from './shared/call-tree';
import { closingMethods } from './shared/closing-methods';
import { leavesProgram } from './shared/endless-loops';
import { first, second } from './shared/interleavings';
import { outlives } from './shared/outliving';
import { ownerOf, type StartedWork, startedIn } from './shared/started-work';

export const timerNeverCancelled: Rule = {
  id: 'timer-never-cancelled',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const work of startedIn(file, facts)) {
      const finding = work.kind === 'timer' ? forEver(work, facts) : undefined;
      if (finding) yield finding;
    }
  },
};

function forEver(work: StartedWork, facts: Facts): Finding | undefined {
  const { life, fn, target } = work;
  if (life.escapes || life.uses.some((use) => use.name === 'cancel') || !life.uses.some((use) => use.name === 'start')) return undefined;
  const round = calledBy(facts, target);
  // What it runs makes the next one, unless something may decide otherwise on the way.
  if (!round.has(fn.key) || mayStop(fn, work.point) || leavesProgram(fn)) return undefined;
  for (const key of round)
    if (key !== fn.key && leadsTo(facts, key, fn.key) && mayStop(facts.program.functions.get(key), callPoint(facts, key, fn.key))) return undefined;
  const owner = ownerOf(work, facts);
  const closing = owner === undefined ? [] : closingMethods(owner, facts);
  if (work.daemon !== false && closing.length === 0) return undefined;
  const told = cellsChanged(
    facts,
    closing.flatMap((key) => [...calledBy(facts, key)]),
  );
  if ([...cellsTouched(facts, round)].some((cell) => told.has(cell))) return undefined;
  const end = closing.length > 0 ? callOfKey(closing[0]) : undefined;
  const stays =
    work.daemon === false ? 'the program cannot end, as Python waits for the timer that is running' : `each closed ${nameOfKey(owner!)} goes on ticking`;
  const begins = { function: fn.key, point: work.point };
  const fires = { function: target, point: NAME };
  return {
    rule: timerNeverCancelled.id,
    family: timerNeverCancelled.family,
    severity: timerNeverCancelled.severity,
    confidence: 0.75,
    site: { function: fn.key, point: work.point },
    message: `This timer goes on for ever: ${callOfKey(target)} starts the next one each time it fires, and ${end === undefined ? 'nothing cancels it' : `${end} does not cancel it`}, so that ${stays}. Keep the timer in a field and cancel it, and let a flag keep the next one from being started; or make it a daemon if nothing is lost.`,
    related: [
      { site: { function: fn.key, point: work.point }, message: `${callOfKey(fn.key)} makes the timer that runs ${callOfKey(target)}` },
      ...(target === fn.key ? [] : [{ site: { function: target, point: NAME }, message: `${callOfKey(target)} leads back to ${callOfKey(fn.key)}` }]),
      ...closing.map((key): Related => ({ site: { function: key, point: NAME }, message: `${callOfKey(key)} ends the object, and leaves the timer running` })),
    ],
    interleaving:
      closing.length > 0
        ? outlives({
            owner: `object of ${nameOfKey(owner!)}`,
            what: 'the timer',
            begins,
            ends: { function: closing[0], point: NAME },
            after: fires,
            does: 'fires, and starts the next one',
          })
        : {
            sides: ['the program', 'the timer'],
            steps: [first(begins, 'sets up the timer, and comes to its end'), second(fires, 'fires, and starts the next one')],
            harm: 'stuck',
            outcome: 'Python waits for the timer that is running, and there is always one.',
          },
    fixes: [],
  };
}

function leadsTo(facts: Facts, from: FunctionKey, to: FunctionKey): boolean {
  return facts.summaryOf(from)?.calls.some((call) => call.target === to) ?? false;
}

function callPoint(facts: Facts, from: FunctionKey, to: FunctionKey): number {
  return facts.summaryOf(from)?.calls.find((call) => call.target === to)?.point ?? 0;
}

/** Whether a point is behind a test, or something before it may leave the function. */
function mayStop(fn: ResolvedFunction | undefined, point: number): boolean {
  if (!fn) return false;
  const model = modelOf(fn);
  const around = enclosing(model).get(point) ?? [];
  if (around.some((each) => each.kind === 'branch' || (each.kind === 'try' && (each.part === 'handler' || each.part === 'otherwise')))) return true;
  return model.operations.some((operation, number) => number < point && (operation.kind === 'return' || operation.kind === 'raise'));
}
