// A shared place is found unfit, the function waits once, and goes on as if it were fit now; nobody has looked again.
import type { Block, Branch } from '../model/operation';
import type { Facts } from '../summary/facts';
import type { CellKey } from '../summary/keys';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { asyncFunctions, isOfOneCall } from './shared/await-flow';
import { inFlightTwice } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';

export const checkNotRepeated: Rule = {
  id: 'check-not-repeated',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const found = (facts.contextOf(fn.key).entry?.length ?? 0) > 0 ? undefined : waitIn(fn, modelOf(fn).body, []);
      const reason = found && inFlightTwice(fn, true, facts);
      if (!found || !reason || isLocked(fn, found.taken, facts)) continue;
      const place = nameOfKey(found.cell);
      const at = (point: number) => ({ function: fn.key, point });
      yield {
        rule: checkNotRepeated.id,
        family: checkNotRepeated.family,
        severity: reason.known ? 'warning' : 'information',
        confidence: reason.known ? 0.75 : 0.5,
        site: at(found.taken),
        message: `${place} is used up without a second look: ${callOfKey(fn.key)} checks it, waits because it is not fit, and goes on as if it were fit after one wait, though another call may have come first. ${reason.text} Check again in a loop: while instead of if.`,
        related: [
          { site: at(found.read), message: `Checks ${place}` },
          { site: at(found.awaited), message: `Waits here; other calls change ${place} meanwhile` },
          { site: at(found.taken), message: `Changes ${place}, whatever it holds now` },
        ],
        interleaving: {
          sides: twoCalls(fn.key),
          steps: [
            first(at(found.read), `finds ${place} unfit`),
            first(at(found.awaited), 'awaits once, until it should be fit: others run now'),
            second(at(found.read), `finds ${place} unfit, too`),
            second(at(found.awaited), 'awaits as well'),
            first(at(found.taken), `changes ${place}, which is fit now`),
            second(at(found.taken), `changes ${place} without a second look`),
          ],
          harm: 'wrong',
          outcome: `${place} was fit for one, and both have made use of it.`,
        },
        fixes: [],
      };
    }
  },
};

interface Wait {
  readonly cell: CellKey;
  readonly read: number;
  readonly awaited: number;
  readonly taken: number;
}

/** An if with an await in it and no way out, after which what the if has looked at is counted up or down. */
function waitIn(fn: ResolvedFunction, block: Block, rest: Block): Wait | undefined {
  for (const [at, step] of block.entries()) {
    if (typeof step === 'number') continue;
    const after = [...block.slice(at + 1), ...rest];
    if (step.kind === 'branch') {
      const found = takenAfter(fn, step, after) ?? step.arms.map((arm) => waitIn(fn, arm, after)).find((each) => each !== undefined);
      if (found) return found;
    } else if (step.kind === 'with') {
      const found = step.isAsync ? undefined : waitIn(fn, step.body, after);
      if (found) return found;
    } else if (step.kind === 'try') {
      const found = waitIn(fn, step.body, [...step.otherwise, ...after]);
      if (found) return found;
    }
  }
  return undefined;
}

function takenAfter(fn: ResolvedFunction, step: Branch, after: Block): Wait | undefined {
  const { operations } = modelOf(fn);
  const [arm, other] = step.arms;
  if (step.arms.length !== 2 || other.length > 0) return undefined;
  // Only plain steps: whoever loops or branches there may well look again.
  if (!arm.every((inner) => typeof inner === 'number')) return undefined;
  const numbers = arm as readonly number[];
  const awaited = numbers.findLast((number) => operations[number].kind === 'await');
  if (awaited === undefined || numbers.some((number) => /^(?:return|raise|break|continue)$/.test(operations[number].kind))) return undefined;
  const reads = readsBehind(fn, step.test);
  for (const next of after) {
    if (typeof next !== 'number') return undefined;
    const operation = operations[next];
    if (operation.kind === 'await') return undefined;
    const cell = operation.kind === 'write' && operation.mode === 'update' ? fn.cells.get(next) : undefined;
    const read = cell && !cell.element && !isOfOneCall(cell.key, fn) ? reads.find((number) => fn.cells.get(number)?.key === cell.key) : undefined;
    if (cell && read !== undefined && !numbers.some((number) => writes(fn, number, cell.key))) return { cell: cell.key, read, awaited, taken: next };
  }
  return undefined;
}

function writes(fn: ResolvedFunction, number: number, cell: CellKey): boolean {
  return modelOf(fn).operations[number].kind === 'write' && fn.cells.get(number)?.key === cell;
}

function readsBehind(fn: ResolvedFunction, numbers: readonly number[]): number[] {
  const { operations } = modelOf(fn);
  return numbers.flatMap((number) => (operations[number].kind === 'read' ? [number] : readsBehind(fn, operations[number].depends)));
}

/** A lock over all of it; one that is given back while waiting is a condition's, and has a rule of its own. */
function isLocked(fn: ResolvedFunction, point: number, facts: Facts): boolean {
  return facts.summaryOf(fn.key)?.accesses.some((access) => access.point === point && access.held.length > 0) ?? false;
}
