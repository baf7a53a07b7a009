// A thread leaves its result in a shared place; where it fails, whoever joins it finds what stood there before and takes it for the result.

import { calledName } from '../model/calls';
import type { Place } from '../model/place';
import { lastName } from '../model/place';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { behind } from '../summary/origins';
import { raisingAt } from '../summary/raising';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, oneRun, second } from './shared/interleavings';

export const threadFailureUnseen: Rule = {
  id: 'thread-failure-unseen',
  family: 'lost-exception',
  languages: ['python'],
  severity: 'information',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const functions = facts.functionsIn(file);
    for (const fn of functions) {
      const runs = facts
        .contextOf(fn.key)
        .roots.map(rootParts)
        .some((root) => root.function === fn.key && root.kind === 'thread');
      if (!runs || tellsFailure(fn)) continue;
      for (const [number, cell] of fn.cells) {
        const failing = failingBehind(fn, number, facts);
        const joined = failing === undefined || cell.element ? undefined : joinedAndRead(cell.key, fn, functions, facts);
        if (failing === undefined || !joined) continue;
        const finding: Finding = {
          rule: threadFailureUnseen.id,
          family: threadFailureUnseen.family,
          severity: threadFailureUnseen.severity,
          confidence: 0.5,
          site: { function: fn.key, point: number },
          message: `Where ${callOfKey(fn.key)} fails, ${nameOfKey(cell.key)} keeps what it held before, and whoever joins the thread takes that for the result: join() raises nothing, and the exception ends in the thread, on the error stream at best. Catch it in the thread and keep it beside the result, or use an executor, whose future raises it.`,
          related: [
            { site: { function: fn.key, point: failing }, message: 'An exception here ends the thread, and nothing is written' },
            { site: joined.join, message: 'Comes back all the same' },
            { site: joined.read, message: `Reads ${nameOfKey(cell.key)}, whether the thread succeeded or not` },
          ],
          interleaving: {
            sides: [`thread running ${callOfKey(fn.key)}`, oneRun(undefined, joined.join.function)],
            steps: [
              second(joined.join, 'waits for the thread to end'),
              first({ function: fn.key, point: failing }, `fails with an exception: the thread ends, and ${nameOfKey(cell.key)} stays as it was`),
              second(joined.join, 'comes back all the same'),
              second(joined.read, `reads ${nameOfKey(cell.key)}, and takes it for the result`),
            ],
            harm: 'wrong',
            outcome: `What ${nameOfKey(cell.key)} held before counts as the result.`,
          },
          fixes: [],
        };
        yield finding;
      }
    }
  },
};

/** The call that makes what is written, where it may well raise and nothing around it catches. */
function failingBehind(fn: ResolvedFunction, number: number, facts: Facts): number | undefined {
  const model = modelOf(fn);
  const write = model.operations[number];
  if (write.kind !== 'write' || write.mode !== 'assign') return undefined;
  return [...behind(model, write.depends)].find(
    (each) =>
      model.operations[each].kind === 'call' &&
      raisingAt(fn, each, (key) => facts.summaryOf(key)) === 'likely' &&
      !(enclosing(model).get(each) ?? []).some((outer) => outer.kind === 'try' && outer.part === 'body' && outer.step.handlers.length > 0),
  );
}

/** The thread notes in some way of its own that it failed or succeeded. */
function tellsFailure(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some(
    (operation) =>
      operation.kind === 'write' && /(?:err|exc|fail|success|succeeded|ok|done|finished|complete|status|state)/i.test(lastName(operation.place) ?? ''),
  );
}

/** A function that waits for a thread and then reads the place. */
function joinedAndRead(cell: CellKey, writer: ResolvedFunction, functions: readonly ResolvedFunction[], facts: Facts): { join: Site; read: Site } | undefined {
  for (const fn of functions) {
    if (fn.key === writer.key) continue;
    const { operations } = modelOf(fn);
    // With a timeout the thread may not have ended, and whoever gives one reckons with that.
    const join = operations.findIndex(
      (operation, number) =>
        operation.kind === 'call' &&
        calledName(operation) === 'join' &&
        operation.arguments.length === 0 &&
        fn.calls.get(number)?.api?.name === 'threading.Thread.join',
    );
    if (join < 0) continue;
    const read = operations.findIndex(
      (operation, number) => number > join && operation.kind === 'read' && placeRead(fn, number, operation.place, facts) === cell,
    );
    if (read >= 0) return { join: { function: fn.key, point: join }, read: { function: fn.key, point: read } };
  }
  return undefined;
}

/** The shared place that is read; of an object that the function itself has made too, since the thread has it by then. */
function placeRead(fn: ResolvedFunction, number: number, { root, path }: Place, facts: Facts): CellKey | undefined {
  const cell = fn.cells.get(number)?.key;
  if (cell !== undefined || root.kind !== 'result' || path.length !== 1) return cell;
  const { resolver } = facts.program;
  const type = resolver.typeOfPlace(fn.module, fn.index, { root, path: [] });
  return type?.kind === 'instance' ? `${resolver.fieldOwner(type.class, path[0])}.${path[0]}` : undefined;
}
