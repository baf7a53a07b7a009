// Error listeners: what is made in a function and may emit 'error', and whether anybody there listens for that.
import { calledName } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** Methods that register a listener. */
export const LISTENS = /^(?:on|once|addListener|prependListener|addEventListener)$/;
/** What emits 'error', by the name of the function that makes it. */
const MAKES =
  /^(?:spawn|createWriteStream|createReadStream|createConnection|pipe|createGzip|createGunzip|createUnzip|createBrotliCompress|createBrotliDecompress)$/;
const CLASSES = /^(?:worker_threads\.Worker|ws(?:\.WebSocket|\.default)?|net\.Socket)$/;

/** What the listener is put on: the call that has made it, or the captured variable that holds that. */
export interface Emitter {
  readonly fn: ResolvedFunction;
  readonly made: Point;
  readonly variable?: string;
  readonly name: string;
}

export function emitterAt(fn: ResolvedFunction, point: Point, facts: Facts): Emitter | undefined {
  const call = modelOf(fn).operations[point] as Call;
  if (call.callee.kind !== 'place' || call.callee.place.path.length !== 1) return undefined;
  const { root } = call.callee.place;
  if (root.kind === 'result') {
    const start = listenerChain(fn, root.operation);
    return emits(fn, start, facts) ? { fn, made: start, name: calledName(modelOf(fn).operations[start] as Call) } : undefined;
  }
  if (root.kind !== 'variable') return undefined;
  const owner = facts.program.functions.get(fn.module.functionKeys[root.function]);
  const made = owner
    ? modelOf(owner).operations.find(
        (operation) =>
          operation.kind === 'write' &&
          operation.place.root.kind === 'variable' &&
          operation.place.root.name === root.name &&
          operation.place.path.length === 0,
      )
    : undefined;
  if (!owner || made?.kind !== 'write' || made.value.kind !== 'place' || made.value.place.root.kind !== 'result') return undefined;
  const start = listenerChain(owner, made.value.place.root.operation);
  return emits(owner, start, facts) ? { fn: owner, made: start, variable: root.name, name: calledName(modelOf(owner).operations[start] as Call) } : undefined;
}

/** `a.pipe(b).on('x', …).on('y', …)`: what the first `on` is called on. */
function listenerChain(fn: ResolvedFunction, number: Point): Point {
  let at = number;
  for (;;) {
    const call = modelOf(fn).operations[at];
    if (call?.kind !== 'call' || !LISTENS.test(calledName(call)) || call.callee.kind !== 'place' || call.callee.place.root.kind !== 'result') return at;
    at = call.callee.place.root.operation;
  }
}

function emits(fn: ResolvedFunction, made: Point, facts: Facts): boolean {
  const call = modelOf(fn).operations[made];
  if (call?.kind !== 'call') return false;
  const type = facts.program.resolver.typeOf(fn.module, fn.index, call.callee);
  if (call.form === 'new') return type?.kind === 'api' && CLASSES.test(type.name);
  // A function of the workspace may listen itself.
  return MAKES.test(calledName(call)) && type?.kind !== 'function';
}

/** Whether anything around listens for the error, or waits in a way that does. */
export function isHeard(scope: readonly ResolvedFunction[], emitter: Emitter, facts: Facts): boolean {
  return scope.some((fn) =>
    modelOf(fn).operations.some((operation, point) => {
      if (operation.kind === 'write') return operation.place.path.at(-1) === 'onerror';
      if (operation.kind !== 'call') return false;
      if (LISTENS.test(calledName(operation))) {
        const event = operation.arguments[0]?.value;
        const known = event?.kind === 'constant' ? event.value === 'error' : true;
        return known && isOn(fn, point, emitter, facts);
      }
      return /^(?:pipeline|finished|once)$/.test(calledName(operation)) && operation.arguments.some(({ value }) => isIt(fn, value, emitter));
    }),
  );
}

function isOn(fn: ResolvedFunction, point: Point, emitter: Emitter, facts: Facts): boolean {
  const other = emitterAt(fn, point, facts);
  return other !== undefined && other.fn === emitter.fn && other.made === emitter.made;
}

/** Whether it goes to somebody else, who may listen: as an argument, a property, or as the outcome. */
export function isHandedOn(scope: readonly ResolvedFunction[], emitter: Emitter): boolean {
  return scope.some((fn) =>
    modelOf(fn).operations.some((operation) => {
      if (operation.kind === 'return') return isIt(fn, operation.value, emitter);
      if (operation.kind === 'write')
        return isIt(fn, operation.value, emitter) && !(operation.place.root.kind === 'variable' && operation.place.path.length === 0);
      return operation.kind === 'call' && calledName(operation) !== 'pipe' && operation.arguments.some(({ value }) => isIt(fn, value, emitter));
    }),
  );
}

function isIt(fn: ResolvedFunction, value: Value, { fn: owner, made, variable }: Emitter): boolean {
  if (value.kind !== 'place' || value.place.path.length > 0) return false;
  const { root } = value.place;
  return (fn === owner && resultOf(value) === made) || (root.kind === 'variable' && root.function === owner.index && root.name === variable);
}

/** A source that is piped into an emitter and whose own errors nobody around can hear, by where it is piped. */
export function pipedFrom(scope: readonly ResolvedFunction[], emitter: Emitter, facts: Facts): Site | undefined {
  for (const fn of scope) {
    for (const [point, call] of modelOf(fn).operations.entries()) {
      if (call.kind !== 'call' || calledName(call) !== 'pipe' || call.callee.kind !== 'place' || call.callee.place.path.length !== 1) continue;
      if (!(fn === emitter.fn && point === emitter.made) && !call.arguments.some(({ value }) => isIt(fn, value, emitter))) continue;
      const { root } = call.callee.place;
      if (root.kind === 'result') {
        const made = modelOf(fn).operations[root.operation];
        if (made?.kind !== 'call' || calledName(made) !== 'createReadStream') continue;
        const source = { fn, made: root.operation, name: 'createReadStream' };
        if (!isHeard(scope, source, facts) && !isHandedOn(scope, source)) return { function: fn.key, point };
      } else {
        const source = variableOf(fn, call.callee);
        // A request ends with its connection, whose end closes the target.
        if (source === undefined || /:(?:req|request|stdin|socket)$/.test(source)) continue;
        const others = scope.flatMap((each) => modelOf(each).operations.filter((operation) => operation !== call && names(each, operation, source)));
        if (others.length === 0) return { function: fn.key, point };
      }
    }
  }
  return undefined;
}

/** The same name for a parameter or variable in its function and in those inside. */
function variableOf(fn: ResolvedFunction, value: Value): string | undefined {
  if (value.kind !== 'place') return undefined;
  const { root } = value.place;
  if (root.kind === 'parameter') return `${fn.index}:${modelOf(fn).parameters[root.index]?.name}`;
  return root.kind === 'variable' ? `${root.function}:${root.name}` : undefined;
}

/** Whether something is called on a variable, or it is given away. */
function names(fn: ResolvedFunction, operation: Operation, source: string): boolean {
  if (operation.kind === 'return' || operation.kind === 'write') return variableOf(fn, operation.value) === source;
  if (operation.kind !== 'call') return false;
  if (variableOf(fn, operation.callee) === source && !/^(?:pause|resume|setEncoding|unpipe|destroy)$/.test(calledName(operation))) return true;
  // A method of something else that takes it, as for another kind of upload, is not taken to listen.
  const { callee } = operation;
  if (
    callee.kind === 'place' &&
    callee.place.path.length > 0 &&
    callee.place.root.kind !== 'receiver' &&
    !/^(?:pipeline|finished|once)$/.test(calledName(operation))
  )
    return false;
  return operation.arguments.some(
    ({ value }) => variableOf(fn, value) === source || (value.kind === 'collection' && value.items.some((item) => variableOf(fn, item) === source)),
  );
}
