// A constructor starts a thread on its object and sets fields only afterwards: the thread can look for them too early.

import { methodOf } from '../model/calls';
import { rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, oneRun, second } from './shared/interleavings';
import { startsIn } from './shared/thread-starts';

export const startedBeforeInitialised: Rule = {
  id: 'started-before-initialised',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      if (modelOf(fn).kind !== 'constructor') continue;
      const late = [...lateFields(fn.key, facts)];
      if (late.length > 0) yield findingOf(late);
    }
  },
};

/** A field that is set after a thread was started that uses it. */
interface LateField {
  readonly cell: CellKey;
  readonly write: CellAccess;
  readonly reader: CellAccess;
  readonly started: Start;
}

function* lateFields(constructor: FunctionKey, facts: Facts): Iterable<LateField> {
  const cells = new Set(facts.summaryOf(constructor)?.accesses.flatMap((access) => (access.write && access.owned ? [access.cell.key] : [])));
  for (const cell of cells) {
    const accesses = facts.accessesOf(cell);
    for (const write of accesses) {
      if (write.function !== constructor || !write.write || !write.owned || isSetBefore(write, accesses, facts)) continue;
      const started = startOn(constructor, write.point, facts, 0);
      const reader =
        started && accesses.find((access) => access.function !== constructor && isRunBy(access, started.target, facts) && !waitsFirst(access, facts));
      if (!started || !reader) continue;
      yield { cell, write, reader, started };
      break;
    }
  }
}

/** One start too early is one mistake, however many fields come after it. */
function findingOf([{ cell, write, reader, started }, ...others]: readonly LateField[]): Finding {
  const place = nameOfKey(cell);
  const more = others.length === 0 ? '' : ` (and ${others.map((other) => nameOfKey(other.cell)).join(', ')})`;
  return {
    rule: startedBeforeInitialised.id,
    family: startedBeforeInitialised.family,
    severity: started.kind === 'timer' ? 'information' : startedBeforeInitialised.severity,
    confidence: started.kind === 'timer' ? 0.4 : 0.8,
    site: { function: write.function, point: write.point },
    message: `${place}${more} is set after a thread was started that needs it: ${callOfKey(started.target)} can get to it before ${callOfKey(write.function)} has set it, and then fails with an AttributeError. Set all fields first, and start the thread last.`,
    related: [
      { site: { function: started.function, point: started.point }, message: `${callOfKey(started.function)} starts ${callOfKey(started.target)} here` },
      { site: { function: write.function, point: write.point }, message: `${callOfKey(write.function)} sets ${place} only now` },
      {
        site: { function: reader.function, point: reader.point },
        message: `${callOfKey(reader.function)} ${reader.write ? 'changes' : 'reads'} ${place} in the new thread`,
      },
      ...others.map((other) => ({ site: { function: other.write.function, point: other.write.point }, message: `… and ${nameOfKey(other.cell)} only here` })),
    ],
    fixes: [],
    interleaving: {
      sides: [oneRun(undefined, started.function), `${started.kind} running ${callOfKey(started.target)}`],
      steps: [
        first(started, `starts ${callOfKey(started.target)}`),
        second(reader, `${reader.write ? 'changes' : 'reads'} ${place}, which is not there yet`),
        first(write, `sets ${place}`),
      ],
      harm: 'fails',
      outcome: 'The new thread has ended with an AttributeError by then.',
    },
  };
}

interface Start {
  readonly function: FunctionKey;
  readonly point: Point;
  readonly target: FunctionKey;
  readonly kind: string;
}

/** A thread that a constructor, or one that it calls on its own object, starts on the object before a point. */
function startOn(constructor: FunctionKey, before: Point, facts: Facts, depth: number): Start | undefined {
  const summary = facts.summaryOf(constructor);
  const fn = facts.program.functions.get(constructor)!;
  for (const { target, point, kind } of startsIn(fn, facts)) {
    if (point < before && sharesObject(constructor, target, facts)) return { function: constructor, point, target, kind };
  }
  if (depth >= 3) return undefined;
  for (const call of summary?.calls ?? []) {
    const callee = facts.program.functions.get(call.target);
    if (call.point >= before || !callee || !(call.onReceiver || modelOf(callee).kind === 'constructor') || !sharesObject(constructor, call.target, facts))
      continue;
    const found = startOn(call.target, Number.POSITIVE_INFINITY, facts, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Whether a function is a method, or a closure in one, of the class of another or of a class that it is derived from. */
function sharesObject(constructor: FunctionKey, other: FunctionKey, facts: Facts): boolean {
  const [own, theirs] = [facts.program.functions.get(constructor), facts.program.functions.get(other)];
  const [from, to] = [own && modelOf(own).class, theirs && modelOf(theirs).class];
  if (!own || !theirs || from === undefined || to === undefined) return false;
  const { resolver } = facts.program;
  const [a, b] = [own.module.classKeys[from], theirs.module.classKeys[to]];
  return resolver.lineage(a).includes(b) || resolver.lineage(b).includes(a);
}

/** The constructor, or the class's body or a base's constructor, has already put something there. */
function isSetBefore(write: CellAccess, accesses: readonly CellAccess[], facts: Facts): boolean {
  const { owner } = write.cell;
  const declared = owner === undefined ? undefined : facts.program.resolver.classAt(owner);
  const field = declared?.fields.get(nameOfKey(write.cell.key).split('.').pop()!);
  const inBody = field?.values.some(({ function: scope }) => scope === 0) ?? false;
  return inBody || accesses.some((access) => access.write && access.owned && access.function === write.function && access.point < write.point);
}

/** Whether a thread that runs `target` comes to an access. */
function isRunBy(access: CellAccess, target: FunctionKey, facts: Facts): boolean {
  return access.function === target || facts.contextOf(access.function).roots.some((root) => rootParts(root).function === target);
}

/** `self._ready.wait()`, `queue.get()`: the thread waits for somebody before it comes to the access. */
function waitsFirst(access: CellAccess, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function)!;
  return modelOf(fn).operations.some(
    (operation, number) => number < access.point && operation.kind === 'call' && /^(?:wait|wait_for|get|acquire|join)$/.test(methodOf(operation)),
  );
}
