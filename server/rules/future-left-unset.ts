// A future made by hand gets its result from a call that may fail, and nobody gives it the exception: its waiter waits for ever.
import { calledName } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { lastName, printPlace } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { raisingAt } from '../summary/raising';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { type Enclosing, enclosing, pointsIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { first, oneRun } from './shared/interleavings';

export const futureLeftUnset: Rule = {
  id: 'future-left-unset',
  family: 'lost-exception',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('set_result'),
  fixes: ['settle-future'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [number, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call' || calledName(operation) !== 'set_result' || operation.arguments.length !== 1) continue;
        const failing = failingBehind(fn, number, facts);
        if (failing === undefined || isSettled(fn, failing, operation) || callersSettle(fn, facts)) continue;
        const inThread = facts.contextOf(fn.key).roots.some((root) => /^(?:thread|process|timer)$/.test(rootParts(root).kind));
        if (!isFutureObject(fn, operation, inThread, facts)) continue;
        // A loop that reads answers is no work done for the future; where no thread does it, only what stands in the call counts.
        const apart = modelOf(fn).operations[failing].span.start < operation.span.start;
        if (!inThread && (apart || settlesElsewhere(fn, facts))) continue;
        const finding: Finding = {
          rule: futureLeftUnset.id,
          family: futureLeftUnset.family,
          severity: inThread ? futureLeftUnset.severity : 'information',
          confidence: inThread ? 0.8 : 0.5,
          site: { function: fn.key, point: number },
          message: `Whoever waits for this future waits for ever when the work fails: set_result() is not reached, nobody calls set_exception(), and the exception stays in ${inThread ? 'this thread, which may end of it' : 'the code that was to answer'}. Catch the exception around the work and hand it over with set_exception().`,
          related: [
            { site: { function: fn.key, point: failing }, message: 'What fails here leaves the future as it is' },
            { site: { function: fn.key, point: number }, message: 'Only success is told' },
          ],
          interleaving: {
            sides: [oneRun(undefined, fn.key)],
            steps: [
              first({ function: fn.key, point: failing }, 'fails with an exception'),
              first({ function: fn.key, point: number }, 'is passed over, so that the future hears nothing'),
            ],
            harm: 'stuck',
            outcome: 'Whoever waits for the future waits for ever.',
          },
          fixes: apart ? [] : [{ kind: 'settle-future', site: { function: fn.key, point: number } }],
        };
        yield finding;
      }
    }
  },
};

/** The call whose outcome is the result, if it may well raise. */
function failingBehind(fn: ResolvedFunction, number: number, facts: Facts): number | undefined {
  const { operations } = modelOf(fn);
  const { value } = (operations[number] as Call).arguments[0];
  let made = resultOf(value);
  if (made === undefined) return undefined;
  const awaited = operations[made];
  if (awaited?.kind === 'await') made = awaited.depends.find((each) => operations[each].kind === 'call') ?? made;
  return operations[made]?.kind === 'call' && raisingAt(fn, made, (key) => facts.summaryOf(key)) === 'likely' ? made : undefined;
}

/** Whether set_result() is that of a future: by its type, by its name, or because a thread got it out of a queue with its work. */
function isFutureObject(fn: ResolvedFunction, call: Call, inThread: boolean, facts: Facts): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, call.callee.place, path.length - 1);
  if (type) return type.kind === 'library' && /(?:^|\.)(?:Future|Task)$/.test(type.name);
  const name = path.at(-2) ?? (root.kind === 'parameter' ? modelOf(fn).parameters[root.index]?.name : 'name' in root ? root.name : undefined);
  return /fut(?:ure)?s?$|promise|waiter/i.test(name ?? '') || (inThread && root.kind === 'result');
}

/** A handler around the failing call, or any other place in the function, settles the future too. */
function isSettled(fn: ResolvedFunction, failing: number, call: Call): boolean {
  const model = modelOf(fn);
  if (model.operations.some(settles)) return true;
  const future = call.callee.kind === 'place' ? printPlace({ root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) }) : '';
  return (enclosing(model).get(failing) ?? []).some((outer) =>
    handlerOps(fn, outer).some((operation) => operation.kind === 'call' && operation.arguments.some(({ value }) => isFuture(value, future))),
  );
}

const SETTLES = /set_exc|^(?:cancel|chain_future|copy_future_state)$/;

/** Called right here, or handed over to be called: `loop.call_soon_threadsafe(future.set_exception, error)`. */
function settles(operation: Operation): boolean {
  if (operation.kind !== 'call') return false;
  return SETTLES.test(calledName(operation)) || operation.arguments.some(({ value }) => value.kind === 'place' && SETTLES.test(lastName(value.place) ?? ''));
}

function handlerOps(fn: ResolvedFunction, outer: Enclosing) {
  if (outer.kind !== 'try' || outer.part !== 'body') return [];
  const model = modelOf(fn);
  return [...outer.step.handlers, outer.step.final].flatMap((block) => pointsIn(model, block)).flatMap((point) => model.operations[point] ?? []);
}

function isFuture(value: Value, printed: string): boolean {
  return value.kind === 'place' && (printPlace(value.place) === printed || printed.startsWith(printPlace(value.place)));
}

/** Who calls the function may settle the future in its place. */
function callersSettle(fn: ResolvedFunction, facts: Facts): boolean {
  return [...(facts.program.callers.get(fn.key)?.keys() ?? [])].some((caller) => {
    const found = facts.program.functions.get(caller);
    return found !== undefined && modelOf(found).operations.some(settles);
  });
}

/** Another method of the class fails what is still waiting, for instance when the connection is lost. */
function settlesElsewhere(fn: ResolvedFunction, facts: Facts): boolean {
  const owner = modelOf(fn).class;
  return facts
    .functionsIn(fn.module.file)
    .some(
      (other) =>
        modelOf(other).class === owner && modelOf(other).operations.some((operation) => operation.kind === 'call' && calledName(operation) === 'set_exception'),
    );
}
