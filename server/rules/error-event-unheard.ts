// A promise waits for the good end of a stream, a child process or a connection, and nobody listens for its 'error'.
import { calledName } from '../model/calls';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { emitterAt, isHandedOn, isHeard, LISTENS, pipedFrom } from './shared/error-listeners';
import { type HandMade, handMadeIn, settler, settles } from './shared/executors';
import { innerFunctions } from './shared/inner-functions';
import { first, oneRun, second } from './shared/interleavings';

export const errorEventUnheard: Rule = {
  id: 'error-event-unheard',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('Promise'),
  fixes: ['listen-for-error'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const made of handMadeIn(file, facts)) yield* unheardIn(made, facts);
  },
};

/** Events of a good end, or of any end, of what also emits 'error'. */
const ENDS = /^(?:close|finish|end|exit|message|open|ready|connect|connection|listening|spawn|data|readable)$/;

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
      if (!emitter) continue;
      const unheard = !isHeard(scope, emitter, facts) && !isHandedOn(scope, emitter);
      const pipe = unheard ? undefined : pipedFrom(scope, emitter, facts);
      if (!unheard && !pipe) continue;
      yield pipe ? ofPipe(made, fn, point, pipe) : findingOf(made, fn, point, event.value, emitter.name);
      return;
    }
  }
}

function ofPipe(made: HandMade, fn: ResolvedFunction, point: Point, pipe: Site): Finding {
  const { id, family, severity } = errorEventUnheard;
  const message =
    "This promise knows nothing of a failure: it waits for the target of a pipe, and an error of what is piped into it does not get there. An error of the source is thrown where nobody listens for it, and the promise stays pending. Use pipeline(), or add .on('error', reject) to the source too.";
  return {
    rule: id,
    family,
    severity,
    confidence: 0.8,
    site: { function: fn.key, point },
    message,
    related: [
      { site: { function: made.fn.key, point: made.point }, message: 'Makes the promise' },
      { site: pipe, message: 'Pipes a source here whose errors nobody hears' },
    ],
    interleaving: {
      sides: [oneRun(undefined, made.fn.key), 'source of the pipe'],
      steps: [
        first({ function: made.fn.key, point: made.point }, 'makes the promise'),
        first({ function: fn.key, point }, 'waits for an event of the target'),
        second(pipe, 'fails with an error, which does not get to the target'),
      ],
      harm: 'stuck',
      outcome: 'The error is thrown where nobody listens, and the promise stays pending.',
    },
    fixes: [{ kind: 'listen-for-error', site: { function: fn.key, point }, pipe }],
  };
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
    interleaving: {
      sides: [oneRun(undefined, made.fn.key), `what ${name}() has made`],
      steps: [
        first({ function: made.fn.key, point: made.point }, 'makes the promise'),
        first({ function: fn.key, point }, `waits for '${event}' alone`),
        second({ function: fn.key, point }, `emits 'error', and '${event}' never`),
      ],
      harm: 'stuck',
      outcome: 'The error is thrown where nobody listens, and the promise stays pending.',
    },
    fixes: [{ kind: 'listen-for-error', site: { function: fn.key, point } }],
  };
}
