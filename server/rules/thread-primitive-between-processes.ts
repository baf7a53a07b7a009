// A lock, event or queue for threads is used between processes: each has a copy, and they never meet.
import type { Facts, FunctionUse } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import type { Finding, Interleaving, Related } from './finding';
import type { Rule } from './rule';
import { isUsed } from './shared/conditions';
import { first, type Sides, second } from './shared/interleavings';
import { copiedBy, valuesOf } from './shared/process-memory';
import { runsInProcess, runsInSeveral, sideOf } from './shared/process-sides';

export const threadPrimitiveBetweenProcesses: Rule = {
  id: 'thread-primitive-between-processes',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isUsed,
  fixes: [],
  *check(cell, facts) {
    const uses = facts.usesOf(cell);
    if (!uses.some((use) => runsInProcess(facts, use.function))) return;
    if (!uses.some((use) => PRIMITIVE.test(use.api)) || !isForThreads(facts, cell)) return;
    const inChild = uses.filter((use) => sideOf(facts, use.function) === 'child' && isCopy(facts, use));
    if (inChild.length === 0) return;
    const inParent = uses.filter((use) => sideOf(facts, use.function) === 'parent');
    const pair = crossing(inChild, inParent) ?? crossing(inParent, inChild);
    if (pair) yield findingOf(cell, inChild.includes(pair.from) ? pair.from : pair.to, inChild.includes(pair.from) ? pair.to : pair.from);
    else if (uses.length === inChild.length) yield* guardsNobody(cell, inChild, facts);
  },
};

const PRIMITIVE = /^(?:threading|queue|_thread)\./;
const LOCKS = /^threading\.(?:Lock|RLock)\.(?:acquire|__enter__)$/;

/** What one side does, and what the other side would have to see of it. */
const CROSSINGS: readonly (readonly [RegExp, RegExp])[] = [
  [/^threading\.Event\.(?:set|clear)$/, /^threading\.Event\.(?:wait|is_set|isSet)$/],
  [/^queue\.\w*Queue\.(?:put|put_nowait)$/, /^queue\.\w*Queue\.(?:get|get_nowait|join|empty|qsize)$/],
  [/^threading\.Condition\.(?:notify|notify_all)$/, /^threading\.Condition\.(?:wait|wait_for)$/],
  [/^threading\.(?:Bounded)?Semaphore\.release$/, /^threading\.(?:Bounded)?Semaphore\.(?:acquire|__enter__)$/],
  [LOCKS, LOCKS],
];

/** All that is ever put in the place is for threads; what multiprocessing offers has methods of the same names. */
function isForThreads(facts: Facts, cell: string): boolean {
  const found = valuesOf(facts, cell);
  return (
    found !== undefined &&
    found.field.values.every(({ value, function: scope }) => {
      if (value.kind === 'constant') return true;
      const type = facts.program.resolver.typeOf(found.module, scope, value);
      return type?.kind === 'library' && PRIMITIVE.test(type.name);
    })
  );
}

/** A thing that stands in the place from the start, not one that is made in the child. */
function isCopy(facts: Facts, use: FunctionUse): boolean {
  return copiedBy(facts, { ...use, onReceiver: true }) !== undefined;
}

function crossing(from: readonly FunctionUse[], to: readonly FunctionUse[]): { from: FunctionUse; to: FunctionUse } | undefined {
  for (const [gives, takes] of CROSSINGS) {
    const giver = from.find((use) => gives.test(use.api));
    const taker = to.find((use) => takes.test(use.api));
    if (giver && taker) return { from: giver, to: taker };
  }
  return undefined;
}

/** A lock of a module that only several children take: there for keeping them apart, and it does not. */
function* guardsNobody(cell: string, uses: readonly FunctionUse[], facts: Facts): Iterable<Finding> {
  const use = uses.find(({ api, function: key, cell: { owner } }) => LOCKS.test(api) && owner === undefined && runsInSeveral(facts, key));
  if (use) yield findingOf(cell, use, undefined);
}

/** Each with a copy of its own: what one gives the other never gets, and neither keeps the other out. */
function scheduleOf(place: string, child: FunctionUse, parent: FunctionUse | undefined): Interleaving {
  const called = ({ api }: FunctionUse) => `calls ${api.slice(api.lastIndexOf('.') + 1).replace('__enter__', 'acquire')}()`;
  const sides: Sides = parent ? ['parent process', 'child process'] : ['one child process', 'another child process'];
  const other = parent ?? child;
  if (LOCKS.test(child.api))
    return {
      sides,
      steps: [first(other, `takes its own copy of ${place}`), second(child, `takes its own copy of ${place}, which is free`)],
      harm: 'wrong',
      outcome: 'Both are inside at the same time, as if there were no lock.',
    };
  const gives = (use: FunctionUse) => CROSSINGS.some(([giving]) => giving.test(use.api));
  const giving = (use: FunctionUse) => `${called(use)} on its own copy of ${place}`;
  const waiting = (use: FunctionUse) => `${called(use)} on its own copy of ${place}, where nothing comes`;
  return {
    sides,
    steps: gives(child) ? [second(child, giving(child)), first(other, waiting(other))] : [first(other, giving(other)), second(child, waiting(child))],
    harm: 'stuck',
    outcome: 'What one of them has done the other never sees.',
  };
}

function findingOf(cell: string, child: FunctionUse, parent: FunctionUse | undefined): Finding {
  const place = nameOfKey(cell);
  const kind = child.api.replace(/\.[^.]*$/, '');
  const at = (use: FunctionUse): Site => ({ function: use.function, point: use.point });
  const related: Related[] = [{ site: at(child), message: `Child: ${callOfKey(child.function)} uses its own copy of ${place}` }];
  if (parent) related.push({ site: at(parent), message: `Parent: ${callOfKey(parent.function)} uses another one` });
  return {
    rule: threadPrimitiveBetweenProcesses.id,
    family: threadPrimitiveBetweenProcesses.family,
    severity: threadPrimitiveBetweenProcesses.severity,
    confidence: 0.85,
    site: at(child),
    message: `${place} is a ${kind}, which works between the threads of one process only: ${callOfKey(child.function)} runs in a child process, which has a copy of it, and ${
      parent
        ? `what is done to the parent's in ${callOfKey(parent.function)} has nothing to do with it. One side waits for what never comes.`
        : 'so has every other child. It keeps none of them out.'
    } Use the class of the same name from multiprocessing, and hand it to the child when that is started.`,
    related,
    fixes: [],
    interleaving: scheduleOf(place, child, parent),
  };
}
