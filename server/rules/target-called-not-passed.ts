// A thread's, pool's or timer's target is called where it should be passed: it runs at once, and what it returned is run later.

import { calledName } from '../model/calls';
import type { ApiEntry, Target } from '../model/library';
import type { ModelFunction } from '../model/module';
import type { Call } from '../model/operation';
import { lastName } from '../model/place';
import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { FunctionPlace } from '../summary/type-resolver';
import type { Finding } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { isStartable } from './shared/startables';

export const targetCalledNotPassed: Rule = {
  id: 'target-called-not-passed',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'error',
  subject: 'function',
  fixes: ['pass-target'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const [number, resolved] of fn.calls) {
      const call = modelOf(fn).operations[number];
      if (call.kind !== 'call' || !resolved.api) continue;
      for (const value of runBy(resolved.api, call)) {
        const made = callBehind(fn, value, call);
        const called = made && nothingToRun(fn, made.number, facts);
        if (called === undefined) continue;
        const finding: Finding = {
          rule: targetCalledNotPassed.id,
          family: targetCalledNotPassed.family,
          severity: targetCalledNotPassed.severity,
          confidence: 0.9,
          site: { function: key, point: number },
          message: `${called.name} is called here instead of being handed to ${shortName(resolved.api.name)}: the calling thread runs it now, and ${called.gives}, is what ${shortName(resolved.api.name)} gets to run. Pass the function itself without brackets, and its arguments beside it.`,
          related: [
            { site: { function: key, point: made!.number }, message: `${called.name} runs here, before anything is started` },
            { site: { function: key, point: number }, message: 'What it returned is handed over to be run' },
          ],
          fixes: called.runs ? handingOver(resolved.api.name, { function: key, point: number }, { function: key, point: made!.number }) : [],
        };
        yield finding;
      }
    }
  },
};

/** What is called with arguments gets them beside it, where it is known how they are handed over there. */
function handingOver(api: string, site: Site, called: Site): FixIntent[] {
  if (isStartable(api)) return [{ kind: 'pass-target', site, called, takes: 'tuple' }];
  return TAKES_REST.test(api) ? [{ kind: 'pass-target', site, called, takes: 'rest' }] : [];
}

const TAKES_REST = /\.(?:submit|run_in_executor|call_soon|call_soon_threadsafe|call_later|call_at|to_thread)$/;

/** The values that a call of the library runs beside the caller, as far as they should be plain functions. */
function runBy(api: ApiEntry, call: Call): Value[] {
  // A web framework's registrations run what they are given too, and take other things besides functions.
  if (!/^(?:threading|_thread|multiprocessing|concurrent|asyncio|signal|atexit|weakref|sched)\./.test(api.name)) return [];
  return (api.effects ?? []).flatMap((effect) => {
    if (effect.kind !== 'spawn' || effect.runs === undefined || effect.as === 'worker') return [];
    // What an event loop runs as a task is the coroutine that a call gives.
    if (effect.as === 'task' && !/\.(?:call|add)_\w+$/.test(api.name)) return [];
    const value = argumentFor(effect.runs, call);
    return value ? [value] : [];
  });
}

function argumentFor(target: Target, call: Call): Value | undefined {
  if (typeof target !== 'object' || target.rest) return undefined;
  const named = call.arguments.find((argument) => argument.name !== undefined && argument.name === target.name);
  const positional = call.arguments[target.argument];
  const found =
    named ??
    (positional && positional.name === undefined && !call.arguments.slice(0, target.argument + 1).some(({ spread }) => spread) ? positional : undefined);
  return found?.value;
}

/** The call whose outcome a value is, where it stands inside the call that gets it. */
function callBehind(fn: ResolvedFunction, value: Value, around: Call): { readonly number: number } | undefined {
  const number = resultOf(value);
  if (number === undefined) return undefined;
  const made = modelOf(fn).operations[number];
  const inside = made?.kind === 'call' && made.span.start >= around.span.start && made.span.end <= around.span.end;
  return inside ? { number } : undefined;
}

interface Called {
  readonly name: string;
  readonly gives: string;
  /** It does its work when it is called: no coroutine, no generator. */
  readonly runs: boolean;
}

/** What a call gives, in words, if that is certainly nothing that can be called. */
function nothingToRun(fn: ResolvedFunction, number: number, facts: Facts): Called | undefined {
  const call = modelOf(fn).operations[number] as Call;
  const { resolver } = facts.program;
  const type = resolver.typeOf(fn.module, fn.index, call.callee);
  if (type?.kind === 'function') {
    const place = resolver.functionAt(type.function);
    const gives = place && outcomeInWords(place);
    return gives === undefined ? undefined : { name: callOfKey(type.function), gives, runs: !/^a (?:coroutine|generator)/.test(gives) };
  }
  const name = calledName(call);
  if (type?.kind === 'api')
    return GIVES_NOTHING.test(type.name) ? { name: `${shortName(type.name)}()`, gives: 'None, which it returns', runs: true } : undefined;
  // Of an unknown object the name tells, if it is one of those that run until the end.
  return type === undefined && RUNS.test(name) ? { name: `${name}()`, gives: 'whatever it returns once it has ended', runs: true } : undefined;
}

const GIVES_NOTHING =
  /^(?:print|exec|time\.sleep|asyncio\.run|asyncio\.AbstractEventLoop\.run_forever|(?:\w+\.)+(?:serve_forever|append|set|clear|put|start|shutdown)|sys\.exit|os\._exit|os\.system|logging\.\w+)$/;
const RUNS = /^(?:serve_forever|run_forever|loop_forever|mainloop|run_until_complete|listen_forever|start_polling|infinity_polling)$/;

/** What a function returns, if it is nothing that can be called. */
function outcomeInWords({ module, index }: FunctionPlace): string | undefined {
  const model: ModelFunction = module.module.functions[index];
  if (
    model.decorators.length > 0 &&
    !model.decorators.every((decorator) => decorator.kind === 'place' && /^(?:staticmethod|classmethod)$/.test(lastOf(decorator)))
  )
    return undefined;
  if (model.isAsync) return 'a coroutine, which it returns';
  if (model.isGenerator) return 'a generator, which it returns';
  const values = model.operations.flatMap((operation) => (operation.kind === 'return' ? [operation.value] : []));
  if (values.some((value) => value.kind !== 'constant' && value.kind !== 'collection' && !isPlainOutcome(model, value))) return undefined;
  // A method that only raises is there to be overridden.
  if (model.operations.at(-1)?.kind === 'raise' && model.operations.length <= 2) return undefined;
  return values.every((value) => value.kind === 'constant' && value.value === null) ? 'None, which it returns' : 'what it returns, no function';
}

/** `return len(x)`: built-ins that give data. */
function isPlainOutcome(model: ModelFunction, value: Value): boolean {
  const number = resultOf(value);
  const made = number === undefined ? undefined : model.operations[number];
  return (
    made?.kind === 'call' &&
    made.callee.kind === 'place' &&
    made.callee.place.root.kind === 'global' &&
    /^(?:len|str|int|float|bool|list|dict|set|tuple|sum|sorted|bytes|repr|print)$/.test(calledName(made))
  );
}

function lastOf(decorator: Value & { kind: 'place' }): string {
  return lastName(decorator.place) ?? '';
}

/** `Thread` of `threading.Thread`, `submit` of `concurrent.futures.Executor.submit`. */
function shortName(api: string): string {
  return api.slice(api.lastIndexOf('.') + 1);
}
