// What was closed while a function waited is brought back by it: it stores and goes on, and nobody is left who would close that.
import { type RootId, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn, isOfOneCall, isWithin } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { canMeet, type Reason } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { neighboursOf } from './shared/neighbours';

export const revivedAfterClose: Rule = {
  id: 'revived-after-close',
  family: 'await-race',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      if (ENDS.test(modelOf(fn).name)) continue;
      const { steps } = flowIn(fn, facts);
      const told = new Set<string>();
      for (const stored of steps) {
        if (!isLateStore(stored, fn, facts) || told.has(stored.cell.key)) continue;
        const close = closeOf(fn, stored, steps, facts);
        if (!close) continue;
        told.add(stored.cell.key);
        const place = nameOfKey(stored.cell.key);
        const closer = callOfKey(close.fn.key);
        const name = callOfKey(fn.key);
        yield {
          rule: revivedAfterClose.id,
          family: revivedAfterClose.family,
          severity: close.reason.known ? 'warning' : 'information',
          confidence: close.reason.known ? 0.75 : 0.5,
          site: stored.site,
          message: `${place} is set although ${closer} may have been called meanwhile: ${name} waits, ${closer} closes what is there by then, and ${name} goes on and stores what nobody will close. ${close.reason.text} After the await look whether it was closed, and if so give the new object up.`,
          related: [
            { site: stored.awaited!, message: `${name}: waits here` },
            { site: close.used.site, message: `Meanwhile: ${closer} closes what is in ${place} by then` },
            { site: stored.site, message: `${name}: stores a new one, which stays open` },
          ],
          interleaving: {
            sides: twoCalls(fn.key, close.fn.key),
            steps: [
              givesWay(stored.awaited!),
              second(close.used.site, `closes what is in ${place} by then`),
              first(stored.site, `stores a new ${place}, though all is closed`),
            ],
            harm: 'wrong',
            outcome: `The new ${place} stays open, and nobody will close it.`,
          },
          fixes: [],
        };
      }
    }
  },
};

const ENDS =
  /^[_#]*(?:a?close|disconnect|terminate|kill|stop|shut_?down|destroy|end|leave|dispose|teardown|tear_?down|clean_?up|free|release|unmount|detach|abort|cancel|quit|exit|log_?out|sign_?out|unsubscribe|uninstall|deactivate|disable|reset|clear|hang_?up|unload|pause)/i;
const CLOSES =
  /^[_#]*(?:a?close|disconnect|terminate|kill|stop|shutdown|destroy|end|dispose|free|cancel|quit|logout|abort|unsubscribe|release|removeAllListeners|tearDown|detach|unload|leave|clear)/i;

/** A new object is put into a place that others see, after an await; by the function or by what it calls for that, not by one that waits itself. */
function isLateStore(step: FlowStep, fn: ResolvedFunction, facts: Facts): boolean {
  if (step.kind !== 'write' || !step.made || step.epoch === 0 || step.cell.element || step.cleanup || isOfOneCall(step.cell.key, fn)) return false;
  const writer = facts.program.functions.get(step.site.function);
  return isWithin(step, fn) || (writer !== undefined && !modelOf(writer).isAsync);
}

interface Close {
  readonly fn: ResolvedFunction;
  readonly used: FlowStep;
  readonly reason: Reason;
}

/** A function beside this one that closes what is in the place, and of which this one takes no notice. */
function closeOf(fn: ResolvedFunction, stored: FlowStep, steps: readonly FlowStep[], facts: Facts): Close | undefined {
  for (const other of neighboursOf(fn, facts)) {
    if (!ENDS.test(modelOf(other).name)) continue;
    const flow = flowIn(other, facts).steps;
    const used = flow.find((step) => step.kind === 'use' && step.cell.key === stored.cell.key && CLOSES.test(step.method ?? ''));
    if (!used || waitsForOthers(other) || isNoticed(fn, stored, steps, flow, used, facts)) continue;
    const reason = isExpected(fn, other, stored, steps, flow, facts) ? canMeet(fn, other, facts) : undefined;
    if (reason) return { fn: other, used, reason };
  }
  return undefined;
}

/**
 * What says that the end may come meanwhile: the function has looked, before it waited, for what the closing sets, or takes
 * that back after the wait; or it runs by itself, from a timer, or from an event beside those that close.
 */
function isExpected(
  fn: ResolvedFunction,
  other: ResolvedFunction,
  stored: FlowStep,
  steps: readonly FlowStep[],
  closing: readonly FlowStep[],
  facts: Facts,
): boolean {
  const set = new Set(closing.flatMap((step) => (step.kind === 'write' ? [step.cell.key] : [])));
  if (steps.some((step) => step.tests.some((test) => test.epoch < stored.epoch && test.cell.key !== stored.cell.key && set.has(test.cell.key)))) return true;
  if (takesBackEnd(steps, closing)) return true;
  const mine = startsOf(fn, facts);
  if ([...mine].some((start) => start.startsWith('timer'))) return true;
  const isEvent = (start: string) => start.startsWith('callback');
  return [...mine].some(isEvent) && [...startsOf(other, facts)].some((start) => isEvent(start) && !mine.has(start));
}

/** After the wait it lowers the flag that the closing has raised, without a look at it: `this.closed = false`. */
function takesBackEnd(steps: readonly FlowStep[], closing: readonly FlowStep[]): boolean {
  const raised = new Set(closing.filter((step) => setsTo(step, true)).map((step) => step.cell.key));
  return steps.some((step) => step.epoch > 0 && !step.cleanup && setsTo(step, false) && raised.has(step.cell.key));
}

function setsTo({ write }: FlowStep, value: boolean): boolean {
  return write?.mode === 'assign' && write.value.kind === 'constant' && write.value.value === value;
}

/** What a function is started by; of a task what starts that. */
function startsOf(fn: ResolvedFunction, facts: Facts): ReadonlySet<RootId> {
  const found = new Set<RootId>();
  for (const root of facts.contextOf(fn.key).roots) {
    const { kind, function: key } = rootParts(root);
    found.add(root);
    if (kind !== 'task' || key === undefined) continue;
    for (const starter of facts.program.spawners.get(key)?.keys() ?? [])
      if (fileOfKey(starter) === fileOfKey(fn.key)) for (const other of facts.contextOf(starter).roots) found.add(other);
  }
  return found;
}

/** Between the await and the store something is looked at that the closing sets: a flag, a state, a version; or a signal. */
function isNoticed(fn: ResolvedFunction, stored: FlowStep, steps: readonly FlowStep[], closing: readonly FlowStep[], used: FlowStep, facts: Facts): boolean {
  if ([...stored.held].some(([lock, since]) => since < stored.epoch && used.held.has(lock))) return true;
  const set = new Set(closing.flatMap((step) => (step.kind === 'write' || step.kind === 'touch' ? [step.cell.key] : [])));
  // A variable of this call that a listener sets: `let closed = false; this.once('close', () => { closed = true; })`.
  const isSetMeanwhile = ({ key }: FlowStep['cell']) =>
    isOfOneCall(key, fn) && facts.accessesOf(key).some((access) => access.write && access.function !== fn.key);
  return steps
    .slice(0, steps.indexOf(stored))
    .filter((step) => step.epoch === stored.epoch && !step.cleanup && (step.kind === 'read' || step.kind === 'use'))
    .some((step) => set.has(step.cell.key) || SIGNAL.test(step.cell.key) || isSetMeanwhile(step.cell));
}

const SIGNAL = /abort|signal|cancel/i;

/** It waits for a promise that is kept somewhere, such as that of the opening which is under way. */
function waitsForOthers(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some(
    (operation) => operation.kind === 'await' && operation.value.kind === 'place' && /^(?:receiver|variable|module)$/.test(operation.value.place.root.kind),
  );
}
