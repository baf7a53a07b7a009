// A value read before an await decides or makes up what is written after it, although another call may have changed it meanwhile.

import type { Block } from '../model/operation';
import { lastName } from '../model/place';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { partsOf } from '../summary/structure';
import type { StaleWrite } from '../summary/summary';
import { isSum } from '../summary/written-values';
import type { Finding } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { asyncFunctions, isCaptured } from './shared/await-flow';
import { checkAcrossAwait, updateAcrossAwait } from './shared/await-interleavings';
import { isClosedInFile } from './shared/closed-values';
import { begunTwice, inFlightTwice, isHandedOut } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { HOLDS, MAKES } from './shared/makes';
import { oneAtATime } from './shared/one-at-a-time-fix';
import { runExclusive } from './shared/own-mutex';
import { undoneRemoval } from './shared/refilled-memories';
import { sharedCall } from './shared/shared-calls';
import { lateWrites } from './shared/stale-in-callbacks';
import { throughHelpers } from './shared/stale-through-helpers';
import { breaksStatement } from './shared/stated-guards';

export const staleReadAcrossAwait: Rule = {
  id: 'stale-read-across-await',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['hoist-await', 'one-at-a-time', 'run-exclusive', 'share-call', 'use-fresh-value'],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      if ((facts.contextOf(fn.key).entry?.length ?? 0) > 0) continue;
      const told = new Set<string>();
      yield* ownFindings(fn, facts, told);
      for (const found of throughHelpers(fn, facts)) if (!told.has(found.cell)) yield found.finding;
    }
    for (const fn of facts.functionsIn(file)) if (fn.module.language === 'typescript') yield* lateFindings(fn, facts);
  },
};

/** Where the read, the await and the write are in one function. */
function* ownFindings(fn: ResolvedFunction, facts: Facts, told: Set<string>): Iterable<Finding> {
  const summary = facts.summaryOf(fn.key);
  for (const stale of summary?.staleWrites ?? []) {
    const access = summary!.accesses.find((candidate) => candidate.point === stale.write && candidate.cell.key === stale.cell.key);
    const reason = access && inFlightTwice(fn, access.onReceiver, facts, stale.by === 'value' && isTally(stale, facts));
    if (stale.constant || reason === undefined || told.has(stale.cell.key)) continue;
    if (breaksStatement({ ...access!, function: fn.key }, facts)) continue;
    // What a closure captures is made anew by each call of the function around it.
    if (isCaptured(stale.cell.key) && !reason.known && fn.module.language === 'python' && !isHandedOut(fn)) continue;
    told.add(stale.cell.key);
    const weight = weigh(stale, reason.known, fn, facts);
    const undone = weight.severity === 'hint' && !isRefusedSecond(stale, fn) ? undoneRemoval(stale, fn, facts) : undefined;
    yield undone ? refillFinding(fn, stale, undone) : findingOf(fn, stale, reason.text, weight, facts);
  }
}

/** Filling a memory twice is waste; filling it with what has been declared void is a fault. */
function refillFinding(fn: ResolvedFunction, stale: StaleWrite, removal: CellAccess): Finding {
  const place = nameOfKey(stale.cell.key);
  const name = callOfKey(fn.key);
  const other = callOfKey(removal.function);
  const at = (point: number) => ({ function: fn.key, point });
  return {
    rule: staleReadAcrossAwait.id,
    family: staleReadAcrossAwait.family,
    severity: 'information',
    confidence: 0.55,
    site: at(stale.write),
    message: `An old value can come back: ${name} finds nothing in ${place}, waits for the value, and puts it in, though ${other} may have taken the entry out meanwhile because it no longer holds, and the value that was asked for before that stays in ${place}. Count what ${other} does for each key, and put the value in only if the number is still the same, or keep the promise there and take that out.`,
    related: [
      { site: at(stale.read), message: `${name}: finds nothing in ${place}` },
      { site: at(stale.awaited), message: `${name}: waits for the value` },
      { site: { function: removal.function, point: removal.point }, message: `Meanwhile: ${other} takes the entry out` },
      { site: at(stale.write), message: `${name}: puts in the value from before` },
    ],
    interleaving: {
      sides: twoCalls(fn.key, removal.function),
      steps: [
        first(at(stale.read), `finds nothing in ${place}`),
        first(at(stale.awaited), 'awaits the value: others run now'),
        second(removal, 'takes the entry out, as it no longer holds'),
        first(at(stale.write), 'puts in the value that was asked for before'),
      ],
      harm: 'wrong',
      outcome: `An outdated value stays in ${place}.`,
    },
    fixes: [],
  };
}

/** Where a `then` callback writes what the function around it has read, or has asked for. */
function* lateFindings(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  const told = new Set<string>();
  for (const { callback, access, stale } of lateWrites(fn, facts)) {
    const reason = begunTwice(fn, access.onReceiver, facts, stale.by === 'value' && isTally(stale, facts));
    if (stale.constant || reason === undefined || told.has(stale.cell.key)) continue;
    told.add(stale.cell.key);
    yield findingOf(fn, stale, reason.text, weigh(stale, reason.known, callback, facts), facts, callback);
  }
}

function findingOf(
  fn: ResolvedFunction,
  stale: StaleWrite,
  reason: string,
  weight: Pick<Finding, 'severity' | 'confidence'>,
  facts: Facts,
  writer: ResolvedFunction = fn,
): Finding {
  const place = nameOfKey(stale.cell.key);
  const name = callOfKey(fn.key);
  const at = (point: number) => ({ function: fn.key, point });
  const write = { function: writer.key, point: stale.write };
  const byValue = stale.by === 'value';
  return {
    rule: staleReadAcrossAwait.id,
    family: staleReadAcrossAwait.family,
    ...weight,
    site: write,
    message: byValue
      ? `Lost update: ${place} is written from a value read before the await: while ${name} waits, another call can change ${place}, and this write throws that change away. ${reason} Read it again after the await, or hold a lock around both.`
      : `Check-then-act: ${place} is written because of a check made before the await: while ${name} waits, another call passes the same check, and both write ${place}. ${reason} Store the promise or task before waiting and let later calls await that, or check again after the await.`,
    related: [
      { site: at(stale.read), message: `First call: ${byValue ? 'reads' : 'checks'} ${place}` },
      {
        site: at(stale.awaited),
        message: `First call: waits here; a second call ${byValue ? 'reads and writes' : 'passes the check and writes'} ${place} meanwhile`,
      },
      { site: write, message: `First call: writes ${place}, ${byValue ? 'and the second call’s change is lost' : 'a second time'}` },
    ],
    interleaving: byValue
      ? updateAcrossAwait(twoCalls(fn.key), place, at(stale.read), at(stale.awaited), write)
      : checkAcrossAwait(twoCalls(fn.key), place, at(stale.read), at(stale.awaited), write),
    fixes:
      writer === fn
        ? [
            ...fixesOf(fn, stale),
            ...(weight.severity === 'hint' ? [] : oneAtATime(fn, stale.cell.key, [stale.write, stale.read, stale.awaited], facts)),
            ...(weight.severity === 'hint' ? [] : runExclusive(fn, stale.cell.key, write, [at(stale.read), at(stale.awaited)], facts)),
            ...(stale.by === 'test' && !isRefusedSecond(stale, fn) ? sharedCall(fn, write, at(stale.read), stale.cell.element, facts) : []),
          ]
        : [],
  };
}

/**
 * Whether filling a field twice does harm. A value that every caller would fill in alike (a version, a module) is read
 * twice and that is all; it is another matter where others write the field too, meanwhile.
 */
function doesHarm(stale: StaleWrite, fn: ResolvedFunction, facts: Facts): boolean {
  if (stale.called !== undefined && MAKES.test(stale.called)) return true;
  if (fn.module.language === 'python' && HOLDS.test(nameOfKey(stale.cell.key).split('.').at(-1)!)) return true;
  // A flag that is raised late: all that it should keep from happening twice happens twice.
  if (isRaised(stale, fn)) return true;
  // Two equal strings are as good as one; of two objects one is left over.
  const declared = declaredType(stale, fn);
  if (declared !== undefined) return !PRIMITIVE.test(declared) || facts.isWrittenElsewhere(stale.cell.key, fn.key);
  // What the file closes in the end is something that has to be closed, and of two the one that is not kept never is.
  if (fn.module.language === 'typescript' && stale.cell.element && isClosedInFile(stale.cell.key, fn, facts)) return true;
  // A memory by key is written elsewhere under other keys.
  return !stale.cell.element && facts.isWrittenElsewhere(stale.cell.key, fn.key);
}

function isRaised(stale: StaleWrite, fn: ResolvedFunction): boolean {
  const written = modelOf(fn).operations[stale.write];
  return written.kind === 'write' && written.value.kind === 'constant' && written.value.value === true;
}

function isOfArgument(stale: StaleWrite, fn: ResolvedFunction): boolean {
  const written = modelOf(fn).operations[stale.write];
  return written.kind === 'write' && written.place.root.kind === 'parameter';
}

const PRIMITIVE = /^(?:string|number|boolean|bigint|str|int|float|bool|bytes)$/;

/** The name of the type that a field or module variable of the same file is declared with. */
function declaredType(stale: StaleWrite, fn: ResolvedFunction): string | undefined {
  if (stale.cell.element) return undefined;
  const name = stale.cell.key.slice(Math.max(stale.cell.key.lastIndexOf('.'), stale.cell.key.lastIndexOf(':')) + 1);
  const owner = fn.module.classes.find((declared) => declared.key === stale.cell.owner);
  const annotation = (owner ? owner.fields : fn.module.variables).get(name)?.annotation;
  return annotation && lastName(annotation.place);
}

/**
 * An update that is lost is a fault wherever two calls can meet. A check that lets two in is one where it does harm, and
 * a guess where nothing in the workspace makes two calls: most such functions are called once, at the start.
 */
function weigh(stale: StaleWrite, known: boolean, fn: ResolvedFunction, facts: Facts): Pick<Finding, 'severity' | 'confidence'> {
  if (!known && (fn.module.language === 'python' ? isHarmlessGuess(stale, fn) : isRefusedSecond(stale, fn))) return { severity: 'hint', confidence: 0.3 };
  // In Python nothing but the class's name may say that it is shared.
  const guess = !known && fn.module.language === 'python';
  if (stale.by === 'value') return { severity: guess ? 'information' : staleReadAcrossAwait.severity, confidence: known ? 0.9 : 0.7 };
  // Of a memory that is filled twice the second filling is waste at least.
  const isMemory = stale.cell.element && (known || /cache|memo/i.test(nameOfKey(stale.cell.key)));
  if (!doesHarm(stale, fn, facts) && isMemory && fn.module.language === 'python') return { severity: 'information', confidence: 0.5 };
  if (!doesHarm(stale, fn, facts)) return { severity: 'hint', confidence: 0.3 };
  // In JavaScript a flag that is raised late may as well say what has been done, and an object that is handed in may be new.
  if (fn.module.language === 'typescript' && (isRaised(stale, fn) || isOfArgument(stale, fn))) return { severity: 'information', confidence: 0.5 };
  return known ? { severity: staleReadAcrossAwait.severity, confidence: 0.8 } : { severity: 'information', confidence: 0.5 };
}

/** A number that is counted, or something kept under a key: what a lost update makes wrong. */
function isTally(stale: StaleWrite, facts: Facts): boolean {
  if (stale.cell.element) return true;
  return facts.accessesOf(stale.cell.key).some((access) => {
    const fn = access.owned ? facts.program.functions.get(access.function) : undefined;
    const made = fn && modelOf(fn).operations[access.point];
    return made?.kind === 'write' && made.value.kind === 'constant' && typeof made.value.value === 'number';
  });
}

/** An old value that is put back, a second end, and a second start that is refused: callers who cause them are to blame. */
function isHarmlessGuess(stale: StaleWrite, fn: ResolvedFunction): boolean {
  const { operations } = modelOf(fn);
  const written = operations[stale.write];
  if (stale.by === 'value') return written.kind === 'write' && written.value.kind === 'place';
  if (written.kind === 'write' && written.value.kind === 'constant' && ENDS.test(nameOfKey(stale.cell.key).split('.').at(-1)!)) return true;
  return refuses(fn, modelOf(fn).body, stale.read);
}

/** `if (this.server) throw new Error('already started')`: callers who cause it are to blame. A limit is another matter. */
function isRefusedSecond(stale: StaleWrite, fn: ResolvedFunction): boolean {
  const written = modelOf(fn).operations[stale.write];
  return stale.by === 'test' && written.kind === 'write' && written.mode === 'assign' && !isSum(written) && refuses(fn, modelOf(fn).body, stale.read);
}

const ENDS = /clos|stop|done|finish|dispos|shut|end(?:ed)?$|cancel|exit|sent/i;

/** Whether a check leads to an exception. */
function refuses(fn: ResolvedFunction, block: Block, read: number): boolean {
  return block.some((step) => {
    if (typeof step === 'number') return false;
    if (step.kind === 'branch') {
      const asked = step.test.includes(read) || step.test.some((test) => modelOf(fn).operations[test].depends.includes(read));
      const raises = step.arms.some((arm) => arm.some((each) => typeof each === 'number' && modelOf(fn).operations[each].kind === 'raise'));
      return (asked && raises) || step.arms.some((arm) => refuses(fn, arm, read));
    }
    return partsOf(step).some((part) => refuses(fn, part, read));
  });
}

/** Where read, await and write are one statement, waiting first makes the read fresh; where they are several, reading later does. */
function fixesOf(fn: ResolvedFunction, stale: StaleWrite): FixIntent[] {
  const { operations } = fn.module.module.functions[fn.index];
  const statement = operations[stale.write].statement;
  if (stale.by !== 'value') return [];
  const site = { function: fn.key, point: stale.write };
  // What `[...before, …]` spreads is read again where it is spread, but it is the value from before.
  const rests = stale.read < stale.awaited ? [stale.read] : operations[stale.read].depends;
  const early = rests.findLast((point) => operations[point].kind === 'read');
  if (fn.module.language === 'typescript' && early !== undefined && operations[early].statement !== statement)
    return [{ kind: 'use-fresh-value', site, read: { function: fn.key, point: early } }];
  if (operations[stale.read].statement !== statement || operations[stale.awaited].statement !== statement) return [];
  if (operations.filter((operation) => operation.statement === statement && operation.kind === 'await').length !== 1) return [];
  return [{ kind: 'hoist-await', site, awaited: { function: fn.key, point: stale.awaited } }];
}
