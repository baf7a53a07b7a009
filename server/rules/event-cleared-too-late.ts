// An event is cleared after the work that it announced was looked for, so that a set() in between is wiped out.
import { methodOf } from '../model/calls';
import type { Facts, FunctionUse } from '../summary/facts';
import { nameOfKey } from '../summary/keys';
import { effortAt } from '../summary/polling';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { signalCalls } from '../summary/signals';
import { enclosing, loopAround, pointsIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { isUsed } from './shared/conditions';
import { first, second, twoCalls } from './shared/interleavings';

export const eventClearedTooLate: Rule = {
  id: 'event-cleared-too-late',
  family: 'condition-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isUsed,
  fixes: ['clear-event-first'],
  *check(cell, facts) {
    const uses = facts.usesOf(cell);
    const clears = uses.filter((use) => use.api.endsWith('Event.clear'));
    if (clears.length === 0) return;
    const sets = uses.filter((use) => use.api.endsWith('Event.set'));
    for (const clear of clears) {
      const others = sets.filter((set) => set.function !== clear.function);
      const fn = facts.program.functions.get(clear.function);
      if (!fn || others.length === 0 || shareLock(clear, others)) continue;
      const waits = uses.filter((use) => use.function === clear.function && use.api.endsWith('Event.wait')).map((use) => use.point);
      const reason = waits.length > 0 ? lateness(fn, clear.point, waits, facts) : undefined;
      if (reason) yield findingOf(cell, clear, reason, others[0]);
    }
  },
};

/** Where the wait stands, and what is done before the clear. */
interface Lateness {
  readonly kind: 'drained' | 'asked';
  readonly wait: Point;
  readonly work: Point;
}

function lateness(fn: ResolvedFunction, clear: Point, waits: readonly Point[], facts: Facts): Lateness | undefined {
  const model = modelOf(fn);
  const loop = loopAround(model, clear);
  const round = loop ? pointsIn(model, loop.body).filter((point) => point >= 0) : model.operations.map((_, point) => point);
  const task = signalCalls(fn).some((call) => call.point === clear && call.task);
  const works = (point: Point) =>
    /^(?:work|take)$/.test(effortAt(fn, point, (target) => facts.summaryOf(target))) &&
    !waits.includes(point) &&
    point !== clear &&
    !isOfWait(fn, point, waits);
  const before = waits.find((wait) => wait < clear && round.includes(wait));
  const after = waits.find((wait) => wait > clear && round.includes(wait));
  if (loop && before !== undefined) {
    const between = round.filter((point) => point > before && point < clear && works(point));
    if (between.length === 0 || round.some((point) => point > clear && works(point))) return undefined;
    // Between tasks nothing comes in after the last await; one in a loop of its own is followed by the loop's test.
    const last = between.findLast((point) => model.operations[point].kind === 'await');
    if (task && (last === undefined || loopAround(model, last) !== loop)) return undefined;
    return { kind: 'drained', wait: before, work: between[0] };
  }
  if (after === undefined || task || round.some((point) => point > clear && point < after && works(point))) return undefined;
  const asked = round.findLast((point) => point < clear && works(point) && (loop !== undefined || isRequest(fn, point)) && isOnWay(fn, point, clear));
  return asked === undefined || (loop && isTimed(fn, after)) ? undefined : { kind: 'asked', wait: after, work: asked };
}

function isOfWait(fn: ResolvedFunction, point: Point, waits: readonly Point[]): boolean {
  const operation = modelOf(fn).operations[point];
  return operation.kind === 'await' && operation.depends.some((number) => waits.includes(number));
}

/** What makes the other side set the event. */
function isRequest(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  if (fn.calls.get(point)?.spawns.length) return true;
  const name = operation.kind === 'call' ? methodOf(operation) : '';
  return /^_?(?:send|write|request|put|start|submit|post|publish|emit|call|invoke|execute|trigger|fire|push|enqueue)/.test(name);
}

/** Not in a branch that the clear is not in. */
function isOnWay(fn: ResolvedFunction, point: Point, clear: Point): boolean {
  const around = enclosing(modelOf(fn));
  const outer = around.get(clear) ?? [];
  return (around.get(point) ?? []).every(
    (each) => each.kind !== 'branch' || outer.some((other) => other.kind === 'branch' && other.step === each.step && other.arm === each.arm),
  );
}

function isTimed(fn: ResolvedFunction, wait: Point): boolean {
  return signalCalls(fn).some((call) => call.point === wait && call.timed);
}

/** Setting and clearing under one lock, nobody comes between. */
function shareLock(clear: FunctionUse, sets: readonly FunctionUse[]): boolean {
  return clear.held.some(({ lock }) => sets.every((set) => set.held.some((held) => held.lock === lock)));
}

function findingOf(cell: string, clear: FunctionUse, { kind, wait, work }: Lateness, set: FunctionUse): Finding {
  const name = nameOfKey(cell);
  const at = (point: Point) => ({ function: clear.function, point });
  return {
    rule: eventClearedTooLate.id,
    family: eventClearedTooLate.family,
    severity: eventClearedTooLate.severity,
    confidence: 0.75,
    site: at(clear.point),
    message:
      kind === 'drained'
        ? `${name} is cleared too late: a set() that comes after the work was last looked for and before this clear() is wiped out, and what it announced lies there until somebody sets the event again. Clear it right after the wait, before looking for work.`
        : `${name} is cleared too late: what makes others set it has been done already, so that their set() can come before this clear() and is wiped out; the wait below then waits for one that never comes. Clear it before.`,
    related: [
      { site: at(wait), message: `Waits for ${name}` },
      { site: at(work), message: kind === 'drained' ? 'Looks for the work' : 'From here on the event may be set' },
      { site: { function: set.function, point: set.point }, message: 'Sets it, perhaps just before the clear()' },
    ],
    interleaving: {
      sides: twoCalls(clear.function, set.function),
      steps: [
        ...(kind === 'drained'
          ? [first(at(wait), `waits for ${name}, and is woken`), first(at(work), 'looks for the work, and finds all that is there')]
          : [first(at(work), `does what makes the other set ${name}`)]),
        second(set, `sets ${name}${kind === 'drained' ? ', for something that has come just now' : ' at once'}`),
        first(at(clear.point), `clears ${name}: that set() is wiped out`),
        first(at(wait), 'waits for a set() that has been already'),
      ],
      harm: 'stuck',
      outcome: kind === 'drained' ? 'What has come lies there until somebody sets the event again.' : 'It waits for ever.',
    },
    fixes: [{ kind: 'clear-event-first', site: at(clear.point), work: at(work) }],
  };
}
