// Repeated calls: whether what a call is given to run is run more than once.
import { calledName, placeOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { loopAround } from '../../summary/structure';

/** Functions and methods of libraries that run what they are given on each event, or again and again. */
const REPEATS =
  /^(?:every|set_interval|setInterval|call_repeatedly|call_periodically|run_every|run_periodically|periodic|repeat|connect|bind|subscribe|add_listener|addListener|add_event_listener|on_click|on_event|add_signal_handler|signal|PeriodicCallback|LoopingCall|RepeatedTimer|RepeatTimer)$/;

/** Whether the value in an argument of a call is called more than once. */
export function callsRepeatedly(fn: ResolvedFunction, number: number, position: number, facts: Facts): boolean {
  const { operations } = modelOf(fn);
  const call = operations[number] as Call;
  const targets = fn.calls.get(number)?.targets ?? [];
  if (targets.length > 0) {
    return targets.some((key) => {
      const target = facts.program.functions.get(key);
      return target !== undefined && repeatsParameter(target, parameterAt(target, call, position));
    });
  }
  const name = calledName(call);
  if (REPEATS.test(name) || call.arguments[position].name === 'command') return true;
  if (name === 'add_job') return call.arguments.some(({ value }) => value.kind === 'constant' && /^(?:interval|cron)$/.test(String(value.value)));
  return name === 'do' && comesFromEvery(fn, call);
}

/** `schedule.every(10).minutes.do(…)`. */
function comesFromEvery(fn: ResolvedFunction, call: Call): boolean {
  const root = placeOf(call)?.root;
  const made = root?.kind === 'result' ? modelOf(fn).operations[root.operation] : undefined;
  return made?.kind === 'call' && (calledName(made) === 'every' || comesFromEvery(fn, made));
}

function parameterAt(target: ResolvedFunction, call: Call, position: number): number {
  const model = modelOf(target);
  const { name } = call.arguments[position];
  if (name !== undefined) return model.parameters.findIndex((parameter) => parameter.name === name);
  const bound = model.kind === 'method' || model.kind === 'constructor' || model.kind === 'class-method' ? 1 : 0;
  return position + bound;
}

/** A function calls its parameter in a loop, or calls it and has itself called again with it. */
function repeatsParameter(fn: ResolvedFunction, index: number): boolean {
  const model = modelOf(fn);
  const isIt = (value: Value): boolean => {
    if (value.kind === 'collection') return value.items.some(isIt);
    return value.kind === 'place' && value.place.path.length === 0 && value.place.root.kind === 'parameter' && value.place.root.index === index;
  };
  const isItself = (value: Value): boolean =>
    (value.kind === 'function' && value.function === fn.index) || (value.kind === 'place' && value.place.path.at(-1) === model.name);
  let called = false;
  let armed = false;
  for (const [number, operation] of model.operations.entries()) {
    if (operation.kind !== 'call') continue;
    if (isIt(operation.callee)) {
      if (loopAround(model, number)) return true;
      called = true;
    }
    const rearms = operation.arguments.some(({ value }) => isItself(value)) && operation.arguments.some(({ value }) => isIt(value));
    if (rearms || (isItself(operation.callee) && operation.arguments.some(({ value }) => isIt(value)))) armed = true;
  }
  return called && armed;
}
