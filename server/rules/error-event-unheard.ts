// A promise waits for the good end of a stream, a child process or a connection, and nobody listens for its 'error'.
import type { Call } from '../model/operation';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { type HandMade, handMadeIn, settler, settles } from './shared/executors';
import { calledName } from './shared/future-methods';
import { innerFunctions } from './shared/inner-functions';

export const errorEventUnheard: Rule = {
  id: 'error-event-unheard',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('Promise'),
  repaired: false,
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const made of handMadeIn(file, facts)) yield* unheardIn(made, facts);
  },
};

/** Events of a good end, or of any end, of what also emits 'error'. */
const ENDS = /^(?:close|finish|end|exit|message|open|ready|connect|connection|listening|spawn|data|readable)$/;
const LISTENS = /^(?:on|once|addListener|prependListener|addEventListener)$/;
/** What emits 'error', by the name of the function that makes it. */
const MAKES =
  /^(?:spawn|createWriteStream|createReadStream|createConnection|pipe|createGzip|createGunzip|createUnzip|createBrotliCompress|createBrotliDecompress)$/;
const CLASSES = /^(?:worker_threads\.Worker|ws(?:\.WebSocket|\.default)?|net\.Socket)$/;

function* unheardIn(made: HandMade, facts: Facts): Iterable<Finding> {
  // What is around the executor may listen as well.
  const around = outermost(made.fn, facts);
  const scope = [around, ...innerFunctions(around, facts)];
  for (const fn of made.nest) {
    const model = modelOf(fn);
    for (const [point, call] of model.operations.entries()) {
      if (call.kind !== 'call' || !LISTENS.test(calledName(call)) || call.callee.kind !== 'place') continue;
      const event = call.arguments[0]?.value;
      if (event?.kind !== 'constant' || typeof event.value !== 'string' || !ENDS.test(event.value)) continue;
      const listener = call.arguments[1];
      if (!listener || !resolves(made, fn, listener.value, facts)) continue;
      const emitter = emitterAt(fn, point, facts);
      if (!emitter || isHeard(scope, emitter, facts) || isHandedOn(scope, emitter)) continue;
      yield findingOf(made, fn, point, event.value, emitter.name);
      return;
    }
  }
}

function outermost(fn: ResolvedFunction, facts: Facts): ResolvedFunction {
  let at = fn;
  for (;;) {
    const { parent } = modelOf(at);
    const up = parent === undefined ? undefined : facts.program.functions.get(at.module.functionKeys[parent]);
    if (!up || modelOf(up).kind === 'module') return at;
    at = up;
  }
}

/** Whether a listener settles the promise. */
function resolves(made: HandMade, fn: ResolvedFunction, listener: Value, facts: Facts): boolean {
  if (settler(made, fn, listener) !== undefined) return true;
  if (listener.kind !== 'function') return false;
  const inner = facts.program.functions.get(fn.module.functionKeys[listener.function]);
  return (
    inner !== undefined && [inner, ...innerFunctions(inner, facts)].some((each) => modelOf(each).operations.some((operation) => settles(made, each, operation)))
  );
}

/** What the listener is put on: the call that has made it, or the captured variable that holds that. */
interface Emitter {
  readonly fn: ResolvedFunction;
  readonly made: Point;
  readonly variable?: string;
  readonly name: string;
}

function emitterAt(fn: ResolvedFunction, point: Point, facts: Facts): Emitter | undefined {
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
function isHeard(scope: readonly ResolvedFunction[], emitter: Emitter, facts: Facts): boolean {
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
function isHandedOn(scope: readonly ResolvedFunction[], emitter: Emitter): boolean {
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
  return (
    (root.kind === 'result' && fn === owner && root.operation === made) || (root.kind === 'variable' && root.function === owner.index && root.name === variable)
  );
}

function findingOf(made: HandMade, fn: ResolvedFunction, point: Point, event: string, name: string): Finding {
  return {
    rule: errorEventUnheard.id,
    family: errorEventUnheard.family,
    severity: errorEventUnheard.severity,
    confidence: 0.8,
    site: { function: fn.key, point },
    message: `This promise knows nothing of a failure: it waits for '${event}', and nobody listens for 'error' of what ${name}() has made. An error that nobody listens for is thrown and ends the process, and the promise may stay pending. Add .on('error', reject).`,
    related: [
      { site: { function: made.fn.key, point: made.point }, message: 'Makes the promise' },
      { site: { function: fn.key, point }, message: `Settles it on '${event}' alone` },
    ],
    fixes: [],
  };
}
