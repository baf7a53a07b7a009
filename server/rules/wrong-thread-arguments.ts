// What a thread hands to its target does not fit the target, so that the thread fails as soon as it runs.

import type { ModelFunction } from '../model/module';
import type { Argument, Call } from '../model/operation';
import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { isStartable, wordFor } from './shared/startables';

export const wrongThreadArguments: Rule = {
  id: 'wrong-thread-arguments',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'error',
  subject: 'function',
  when: calling('Thread', 'Timer', 'Process'),
  fixes: ['make-tuple', 'place-target'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const [number, resolved] of fn.calls) {
      const call = modelOf(fn).operations[number];
      const api = resolved.api;
      if (call.kind !== 'call' || api?.kind !== 'class' || !isStartable(api.name) || call.arguments.some(({ spread }) => spread)) continue;
      // The constructor of a class of its own takes what it likes.
      if (facts.program.resolver.typeOf(fn.module, fn.index, call.callee)?.kind === 'class') continue;
      const [isMisplaced, isNoTuple] = [misplaced(fn, call, api.name, facts), noTuple(fn, call, api.name)];
      const wrong = isMisplaced ?? isNoTuple ?? misfit(fn, call, api.name, facts);
      if (wrong === undefined) continue;
      const site = { function: key, point: number };
      const timer = api.name === 'threading.Timer';
      const finding: Finding = {
        rule: wrongThreadArguments.id,
        family: wrongThreadArguments.family,
        severity: wrongThreadArguments.severity,
        confidence: 0.9,
        site,
        message: wrong,
        related: [],
        fixes:
          isMisplaced !== undefined
            ? [{ kind: 'place-target', site, timer }]
            : isNoTuple !== undefined
              ? [{ kind: 'make-tuple', site, position: timer ? 2 : 3 }]
              : [],
      };
      yield finding;
    }
  },
};

/** `Timer(f, 5)` and `Thread(f)`: the function stands where something else belongs. */
function misplaced(fn: ResolvedFunction, call: Call, api: string, facts: Facts): string | undefined {
  const [first] = call.arguments;
  if (!first || first.name !== undefined || facts.program.resolver.typeOf(fn.module, fn.index, first.value)?.kind !== 'function') return undefined;
  if (api === 'threading.Timer')
    return 'The function stands where the seconds belong: Timer takes the interval first, then the function, and this one fails when it is started. Write Timer(seconds, function).';
  return `The function is given as the group, not as the target: the first positional argument of ${api} is reserved and has to be None, so this raises as soon as it runs. Write target= before the function.`;
}

/** `args=(x)`: brackets alone make no tuple. */
function noTuple(fn: ResolvedFunction, call: Call, api: string): string | undefined {
  const given = argumentsOf(call, api);
  if (!given) return undefined;
  const { value } = given;
  const isConstant = value.kind === 'constant' && value.value !== null;
  if (!isConstant && !(given.bracketed && isSingle(fn, value))) return undefined;
  const what =
    value.kind === 'constant' && typeof value.value === 'string'
      ? 'a string, whose letters are handed over one by one'
      : 'a single value, which cannot be unpacked';
  return `What stands in brackets here is no tuple but ${what}: the ${wordFor(api)} calls its target with the wrong arguments and fails out of sight. Put a comma behind it: args=(value,).`;
}

/** Names that say that the value is a tuple or a list already. */
const SEVERAL = /(?:args|arguments|params|parameters|tuple|values|items|list|data)$/i;

function isSingle(fn: ResolvedFunction, value: Value): boolean {
  if (value.kind !== 'place') return false;
  const { root, path } = value.place;
  const name = path.at(-1) ?? (root.kind === 'parameter' ? modelOf(fn).parameters[root.index]?.name : 'name' in root ? root.name : undefined);
  const rest = root.kind === 'parameter' && path.length === 0 && modelOf(fn).parameters[root.index]?.rest !== undefined;
  // An outcome of a call may well be a tuple.
  if (rest || resultOf(value) !== undefined) return false;
  return name === undefined || !SEVERAL.test(name);
}

/** The target takes more or fewer arguments than it is handed. */
function misfit(fn: ResolvedFunction, call: Call, api: string, facts: Facts): string | undefined {
  const target = positionalOrNamed(call, api === 'threading.Timer' ? 'function' : 'target', 1);
  const type = target && facts.program.resolver.typeOf(fn.module, fn.index, target.value);
  if (!target || type?.kind !== 'function' || isPartial(fn, target.value)) return undefined;
  const place = facts.program.resolver.functionAt(type.function);
  const model = place?.module.module.functions[place.index];
  const count = countOf(argumentsOf(call, api));
  const keywords = positionalOrNamed(call, 'kwargs', api === 'threading.Timer' ? 3 : 4);
  if (!model || model.decorators.some((decorator) => !isTransparent(decorator)) || count === undefined || (keywords && keywords.value.kind !== 'constant'))
    return undefined;
  const bound = boundBy(fn, target.value, model, facts);
  if (bound === undefined) return undefined;
  const positional = model.parameters.filter((parameter) => parameter.rest === undefined).length - bound;
  const needed = model.parameters.slice(bound).filter((parameter) => parameter.rest === undefined && parameter.default === undefined).length;
  const takesMore = model.parameters.some((parameter) => parameter.rest === 'positional');
  const name = callOfKey(type.function as FunctionKey);
  if (count < needed)
    return `${name} needs ${plural(needed)} and is handed ${count === 0 ? 'none' : plural(count)}: the ${wordFor(api)} fails with TypeError as soon as it runs, out of sight of whoever started it. Hand the rest over in args or kwargs.`;
  if (count > positional && !takesMore)
    return `${name} takes ${positional === 0 ? 'no argument' : `at most ${plural(positional)}`} and is handed ${plural(count)}: the ${wordFor(api)} fails with TypeError as soon as it runs, out of sight of whoever started it. Hand over only what it takes.`;
  return undefined;
}

/** How many of a target's parameters are bound already: the receiver of a method; undefined where that is not told. */
function boundBy(fn: ResolvedFunction, target: Value, model: ModelFunction, facts: Facts): number | undefined {
  if (model.kind === 'function' || model.kind === 'lambda' || model.kind === 'static-method')
    return model.class === undefined || target.kind === 'function' || model.kind === 'static-method' || model.parent !== 0 ? 0 : undefined;
  if (model.kind === 'class-method') return 1;
  if (model.kind !== 'method' || target.kind !== 'place') return undefined;
  const holder = facts.program.resolver.typeOfPlace(fn.module, fn.index, target.place, target.place.path.length - 1);
  return holder?.kind === 'instance' ? 1 : holder?.kind === 'class' ? 0 : undefined;
}

function countOf(given: Argument | undefined): number | undefined {
  if (!given || (given.value.kind === 'constant' && given.value.value === null)) return 0;
  if (given.value.kind !== 'collection' || given.value.type === 'dict' || given.value.items.length > 20) return undefined;
  // A splat stands for any number; the lowering tells it as unknown.
  return given.value.type === 'tuple' && given.value.items.every((item) => item.kind !== 'unknown') ? given.value.items.length : undefined;
}

function isPartial(fn: ResolvedFunction, value: Value): boolean {
  return value.kind === 'place' && value.place.root.kind === 'result' && modelOf(fn).operations[value.place.root.operation]?.kind === 'call';
}

function isTransparent(decorator: Value): boolean {
  return decorator.kind === 'place' && 'name' in decorator.place.root && /^(?:staticmethod|classmethod)$/.test(decorator.place.root.name ?? '');
}

function argumentsOf(call: Call, api: string): Argument | undefined {
  return positionalOrNamed(call, 'args', api === 'threading.Timer' ? 2 : 3);
}

function positionalOrNamed(call: Call, name: string, position: number): Argument | undefined {
  const positional = call.arguments[position];
  return call.arguments.find((argument) => argument.name === name) ?? (positional?.name === undefined ? positional : undefined);
}

function plural(count: number): string {
  return count === 1 ? 'one argument' : `${count} arguments`;
}
