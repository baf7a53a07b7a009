// Escaping errors: whether a function of TypeScript lets exceptions or rejections out, in practice.
import { calledName, placeOf } from '../model/calls';
import type { Call, Operation } from '../model/operation';
import { moduleName } from '../model/place';
import { modelOf, type ResolvedFunction } from './resolved';
import { enclosing } from './structure';
import type { Point, SummaryOf } from './summary';

/** Promises that are never rejected: delays, and outcomes that have been taken care of. */
const NEVER_REJECTED = /^(?:catch|allSettled|sleep|delay|wait|pause|tick|nextTick|setTimeout|setImmediate)$/;

/** The first operation whose exception or rejection leaves a TypeScript function; undefined where everything is caught. */
export function escapingErrorAt(fn: ResolvedFunction, summaryOf: SummaryOf): Point | undefined {
  if (fn.module.language !== 'typescript') return undefined;
  const { operations } = modelOf(fn);
  const found = operations.findIndex(
    // What is returned is out of the try when it is rejected.
    (operation, number) =>
      (mayThrow(fn, number, operation, summaryOf) && (operation.kind === 'call' || !isCaughtAt(fn, number))) ||
      (failsWithTheOutside(fn, number) && !isCaughtAt(fn, number)),
  );
  return found < 0 ? undefined : found;
}

/** Whether an async function reads or writes a file, or runs a command, on the spot: that fails as its asynchronous version does. */
function failsWithTheOutside(fn: ResolvedFunction, number: Point): boolean {
  return (
    modelOf(fn).isAsync && (fn.calls.get(number)?.api?.effects ?? []).some((effect) => effect.kind === 'block' && /^(?:files?|io|process)$/.test(effect.on))
  );
}

/** Whether the point stands in a try that catches what goes wrong there. */
export function isCaughtAt(fn: ResolvedFunction, number: Point): boolean {
  const around = enclosing(modelOf(fn)).get(number) ?? [];
  return around.some((outer) => outer.kind === 'try' && outer.part === 'body' && outer.step.handlers.length > 0);
}

/** Whether an exception comes out of an operation in practice: a throw, or an await of what may be rejected. */
export function mayThrow(fn: ResolvedFunction, number: Point, operation: Operation, summaryOf: SummaryOf): boolean {
  const { operations } = modelOf(fn);
  switch (operation.kind) {
    case 'raise':
      return true;
    case 'await': {
      const { value } = operation;
      const made = value.kind === 'place' && value.place.root.kind === 'result' ? value.place.root.operation : undefined;
      const call = made === undefined ? undefined : operations[made];
      return call?.kind === 'call' ? mayReject(fn, made!, call, summaryOf) : value.kind !== 'constant';
    }
    case 'call':
      // Whoever calls it gets the promise that it returns, and its rejection.
      return operation.outcome === 'returned' && fn.calls.has(number) && mayReject(fn, number, operation, summaryOf, false);
    default:
      return false;
  }
}

/** Whether the promise that a call gives may be rejected. `unknown`: what is said of calls of which nothing is known. */
export function mayReject(fn: ResolvedFunction, number: Point, call: Call, summaryOf: SummaryOf, unknown = true): boolean {
  const name = nameOf(call);
  if (NEVER_REJECTED.test(name)) return false;
  const functionArguments = call.arguments.filter(({ value }) => value.kind === 'function').length;
  if (name === 'then' && functionArguments > 1) return false;
  const resolved = fn.calls.get(number);
  if (call.form === 'new') return (name === 'Promise' ? executorRejects(fn, call) : undefined) ?? unknown;
  const targets = resolved?.targets ?? [];
  return targets.length > 0 ? targets.some((target) => summaryOf(target)?.rejects ?? false) : unknown;
}

/** Whether the executor of a new promise can reject it: only one that takes a second parameter can; undefined where it stands elsewhere. */
export function executorRejects(fn: ResolvedFunction, call: Call): boolean | undefined {
  const executor = call.arguments[0]?.value;
  return executor?.kind === 'function' ? fn.module.module.functions[executor.function].parameters.length > 1 : undefined;
}

/** What is called, also where it is what a module is for: `import sleep from './sleep'`. */
function nameOf(call: Call): string {
  const { root, path } = placeOf(call) ?? {};
  const isModule = root?.kind === 'import' && path?.length === 0 && (root.name ?? 'default') === 'default';
  return isModule ? moduleName(root.specifier) : calledName(call);
}
