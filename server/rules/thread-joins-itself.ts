// A thread waits for its own end, which raises RuntimeError instead.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { first } from './shared/interleavings';

export const threadJoinsItself: Rule = {
  id: 'thread-joins-itself',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  when: calling('join'),
  fixes: ['join-unless-own'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind !== 'call' || calledName(operation) !== 'join' || fn.calls.get(number)?.api?.name !== 'threading.Thread.join') continue;
      const runner = joinedBy(fn, operation, facts);
      if (runner === undefined || asksWhoRuns(fn, number)) continue;
      const who = runner === fn.key ? 'the thread that runs this' : `the thread that runs ${callOfKey(runner)}`;
      const finding: Finding = {
        rule: threadJoinsItself.id,
        family: threadJoinsItself.family,
        severity: threadJoinsItself.severity,
        confidence: 0.8,
        site: { function: key, point: number },
        message: `This thread waits for itself: ${who} comes to this join() too, and join() of the current thread raises RuntimeError, so that what follows is never done. Skip the join where threading.current_thread() is the thread, or let another thread do the closing.`,
        related: [
          ...(runner === fn.key
            ? []
            : [{ site: callTo(runner, fn.key, facts), message: `${callOfKey(runner)}, in the thread, calls towards ${callOfKey(fn.key)}` }]),
          { site: { function: key, point: number }, message: 'Here it waits for its own end' },
        ],
        interleaving: {
          sides: [runner === fn.key ? 'one thread' : `thread running ${callOfKey(runner)}`],
          steps: [
            first({ function: runner, point: NAME }, 'begins'),
            ...(runner === fn.key ? [] : [first(callTo(runner, fn.key, facts), `calls towards ${callOfKey(fn.key)}`)]),
            first({ function: key, point: number }, 'waits for its own end'),
          ],
          harm: 'fails',
          outcome: 'The join raises RuntimeError, and what follows is never done.',
        },
        fixes: [{ kind: 'join-unless-own', site: { function: key, point: number } }],
      };
      yield finding;
    }
  },
};

/** The function of the thread that is joined, if that thread itself comes here. */
function joinedBy(fn: ResolvedFunction, join: Call, facts: Facts): FunctionKey | undefined {
  if (join.callee.kind !== 'place') return undefined;
  const { root, path } = join.callee.place;
  if (root.kind === 'result' && path.length === 1) {
    return fn.calls.get(root.operation)?.api?.name === 'threading.current_thread' ? fn.key : undefined;
  }
  if (root.kind !== 'receiver') return undefined;
  const runners = facts
    .contextOf(fn.key)
    .roots.map(rootParts)
    .flatMap((each) => (each.kind === 'thread' && each.function !== undefined ? [each.function] : []));
  if (path.length === 1) return runners.find((runner) => isRunOf(runner, fn, facts));
  const read = join.depends.find((each) => modelOf(fn).operations[each].kind === 'read');
  const cell = path.length === 2 && read !== undefined ? fn.cells.get(read) : undefined;
  if (!cell || cell.element) return undefined;
  const targets = targetsIn(cell.key, facts);
  return targets && runners.find((runner) => targets.has(runner));
}

/** The run() of the very class that a method belongs to, or of one between it and Thread. */
function isRunOf(runner: FunctionKey, fn: ResolvedFunction, facts: Facts): boolean {
  const owner = modelOf(fn).class;
  if (owner === undefined || !/\.run$/.test(nameOfKey(runner))) return false;
  return facts.program.resolver.method(fn.module.classKeys[owner], 'run') === runner;
}

/** What the threads in a field run, if all of them are made in ways that tell. */
function targetsIn(cell: string, facts: Facts): ReadonlySet<FunctionKey> | undefined {
  const targets = new Set<FunctionKey>();
  for (const access of facts.accessesOf(cell)) {
    if (!access.write || access.constant) continue;
    const writer = facts.program.functions.get(access.function);
    const write = writer && modelOf(writer).operations[access.point];
    if (write?.kind !== 'write' || write.value.kind !== 'place' || write.value.place.root.kind !== 'result') return undefined;
    const spawns = writer?.calls.get(write.value.place.root.operation)?.spawns ?? [];
    for (const spawn of spawns) if (spawn.function !== undefined) targets.add(spawn.function);
  }
  return targets;
}

/** Code that asks which thread runs it knows what it does. */
function asksWhoRuns(fn: ResolvedFunction, number: number): boolean {
  const model = modelOf(fn);
  const asks = model.operations.some(
    (operation) => operation.kind === 'call' && /^(?:current_thread|currentThread|get_ident|main_thread)$/.test(calledName(operation)),
  );
  const { callee } = model.operations[number] as Call;
  const direct = callee.kind === 'place' && callee.place.root.kind === 'result';
  if (asks && !direct) return true;
  // Caught and passed over: known, and harmless.
  return (enclosing(model).get(number) ?? []).some(
    (outer) =>
      outer.kind === 'try' && outer.part === 'body' && outer.step.catches?.some((names) => names.some((name) => /^(?:RuntimeError|Exception|\*)$/.test(name))),
  );
}

function callTo(runner: FunctionKey, callee: FunctionKey, facts: Facts) {
  const calls = facts.summaryOf(runner)?.calls ?? [];
  const direct = calls.find((call) => call.target === callee);
  return { function: runner, point: direct?.point ?? calls[0]?.point ?? 0 };
}
