// What belongs to one call is kept in a shared field across an await, where another call puts its own meanwhile.
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import { isConstant } from '../summary/written-values';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn, isKeptOut, isOfOneCall } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { decidingReads } from './shared/deciding-reads';
import { inFlightTwice, type Reason } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';

export const callStateInField: Rule = {
  id: 'call-state-in-field',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const reason = (facts.contextOf(fn.key).entry?.length ?? 0) > 0 ? undefined : inFlightTwice(fn, true, facts);
      if (!reason) continue;
      const told = new Set<string>();
      const own = flowIn(fn, facts).steps.filter((step) => step.site.function === fn.key && !step.cell.element);
      for (const put of own) {
        if (put.kind !== 'write' || put.cleanup || told.has(put.cell.key) || isOfOneCall(put.cell.key, fn)) continue;
        const read = expectedLater(fn, put, flowIn(fn, facts).steps, facts);
        if (!read) continue;
        told.add(put.cell.key);
        yield findingOf(fn, put, read, reason);
      }
    }
  },
};

/** The read that expects, after an await, what this call has put there. */
function expectedLater(fn: ResolvedFunction, put: FlowStep, steps: readonly FlowStep[], facts: Facts): FlowStep | undefined {
  const after = steps.slice(steps.indexOf(put) + 1).filter((step) => step.cell.key === put.cell.key);
  const sort = sortOf(put);
  if (sort === 'reset' && !isScratch(fn, put, after, facts)) return undefined;
  if (sort === undefined) return undefined;
  const deciding = decidingReads(modelOf(fn));
  return after.find((read) => {
    if (read.kind !== 'read' || read.cell.element || read.site.function !== fn.key || read.epoch <= put.epoch || read.cleanup) return false;
    if (isKeptOut(read, put.epoch) || put.tests.some((test) => test.cell.key === put.cell.key)) return false;
    // Written anew with no await since: what is read is this call's.
    if (after.some((step) => after.indexOf(step) < after.indexOf(read) && isPutAnew(fn, step, read))) return false;
    // `self.n += 1` and `self.found.append(x)` add to what is there.
    if (after.some((step) => step.from.includes(read) || (step.kind !== 'read' && dependsOn(fn, step, read)))) return false;
    // `if self.latest == key` asks whether another call has come between.
    return sort === 'reset' || !deciding.has(read.site.point);
  });
}

function sortOf({ write }: FlowStep): 'reset' | 'own' | undefined {
  if (write?.mode !== 'assign') return undefined;
  const { value } = write;
  if (value.kind === 'place' && value.place.root.kind === 'parameter') return 'own';
  return isConstant(value) && !(value.kind === 'constant' && value.value === true) ? 'reset' : undefined;
}

/** Progress that only this function writes; what others write is how they talk to it. */
function isScratch(fn: ResolvedFunction, put: FlowStep, after: readonly FlowStep[], facts: Facts): boolean {
  const functions = new Set(after.filter((step) => step.kind === 'write' || step.kind === 'touch').map((step) => step.site.function));
  if (functions.size === 0) return false;
  return facts.accessesOf(put.cell.key).every((access) => !access.write || access.owned || access.function === fn.key || functions.has(access.function));
}

/** Whether a write that the read is sure to come after, with no await between, replaces what stood there. */
function isPutAnew(fn: ResolvedFunction, step: FlowStep, read: FlowStep): boolean {
  if (step.kind !== 'write' || step.write?.mode !== 'assign' || step.epoch !== read.epoch || step.site.function !== fn.key) return false;
  const around = enclosing(modelOf(fn));
  const outside = new Set((around.get(read.point) ?? []).map((each) => each.step));
  return (around.get(step.point) ?? []).every((each) => outside.has(each.step) || each.kind === 'with');
}

function dependsOn(fn: ResolvedFunction, step: FlowStep, read: FlowStep): boolean {
  const operation = modelOf(fn).operations[step.site.point];
  return step.site.function === fn.key && operation !== undefined && operation.depends.includes(read.site.point) && step.kind === 'touch';
}

function findingOf(fn: ResolvedFunction, put: FlowStep, read: FlowStep, reason: Reason): Finding {
  const place = nameOfKey(put.cell.key);
  const name = callOfKey(fn.key);
  const reset = sortOf(put) === 'reset';
  return {
    rule: callStateInField.id,
    family: callStateInField.family,
    severity: reason.known ? 'warning' : 'information',
    confidence: reason.known ? 0.8 : 0.5,
    site: read.site,
    message: `${place} may hold what another call has put there: ${name} ${reset ? 'resets it' : 'puts its own value there'}, waits, and reads it again, and while it waits a second call of ${name} ${reset ? 'resets it too' : 'overwrites it'}. ${reason.text} Keep it in a local variable and store the outcome at the end, or hold a lock over the whole.`,
    related: [
      { site: put.site, message: `First call: ${reset ? 'resets' : 'sets'} ${place}` },
      { site: read.awaited!, message: `First call: waits here; a second call ${reset ? 'resets' : 'sets'} ${place} meanwhile` },
      { site: read.site, message: `First call: reads ${place}, and finds what the second has left there` },
    ],
    interleaving: {
      sides: twoCalls(fn.key),
      steps: [
        first(put.site, `${reset ? 'resets' : 'sets'} ${place}`),
        givesWay(read.awaited!),
        second(put.site, reset ? `resets ${place}, with what the first call has gathered` : `sets ${place}, over the value of the first call`),
        first(read.site, `reads ${place}, and finds what the other call has left there`),
      ],
      harm: 'wrong',
      outcome: 'The first call goes on with what belongs to the other.',
    },
    fixes: [],
  };
}
