// Polling: what one operation does to the time that a round of a loop takes: looks at something, lets others run, or works.
import type { Call, Operation } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import { modelOf, type ResolvedFunction } from './resolved';
import type { Point, SummaryOf } from './summary';

/**
 * `look`: costs nothing and tells nothing that changes by itself; `poll`: asks for what another thread, process or task
 * will change, without waiting for it; `take`: takes something if there is something, and raises otherwise; `give-way`:
 * lets others run for a moment, `sleep(0)`; `work`: everything else, which may wait or get something done.
 */
export type Effort = 'look' | 'poll' | 'take' | 'give-way' | 'work';

const ASKS =
  /^(?:empty|full|qsize|is_set|isSet|is_alive|isAlive|locked|done|is_done|finished|is_finished|has_finished|ready|is_ready|running|is_running|cancelled|successful|completed|is_completed?|exists|isfile)$/;
const TAKES = /^(?:get_nowait|put_nowait|popleft|popitem|pop)$/;
const LOOKS =
  /^(?:get|items|keys|values|debug|info|warn|warning|error|exception|log|lower|upper|strip|startswith|endswith|format|total_seconds|copy|count|index|notify_all|notify)$/;
const BUILTIN_LOOKS =
  /^(?:len|any|all|print|isinstance|bool|int|float|str|min|max|sum|abs|round|sorted|list|dict|tuple|set|getattr|hasattr|range|enumerate|zip|id|type|repr)$/;
const CLOCKS = /^(?:time\.(?:time|monotonic)(?:_ns)?|datetime\.datetime\.(?:now|utcnow))$/;

export function effortAt(fn: ResolvedFunction, number: Point, summaryOf: SummaryOf): Effort {
  const operation: Operation = modelOf(fn).operations[number];
  switch (operation.kind) {
    case 'read':
    case 'break':
    case 'continue':
    case 'return':
    case 'raise':
      return 'look';
    case 'call':
      return ofCall(operation, number, fn, summaryOf);
    case 'await':
      return operation.depends.length > 0 && operation.depends.every((call) => effortAt(fn, call, summaryOf) === 'give-way') ? 'give-way' : 'work';
    default:
      return 'work';
  }
}

/** Whether a function does nothing but look, so that asking it in a loop without a pause keeps a processor busy. */
export function onlyLooks(fn: ResolvedFunction, summaryOf: SummaryOf): boolean {
  const { operations, isAsync, isGenerator } = modelOf(fn);
  return (
    fn.module.language === 'python' &&
    !isAsync &&
    !isGenerator &&
    operations.length <= 30 &&
    operations.some((operation) => operation.kind === 'return') &&
    operations.every((_, number) => /^(?:look|poll)$/.test(effortAt(fn, number, summaryOf)))
  );
}

function ofCall(call: Call, number: Point, fn: ResolvedFunction, summaryOf: SummaryOf): Effort {
  const resolved = fn.calls.get(number);
  if (call.callee.kind !== 'place') return 'work';
  const { root, path } = call.callee.place;
  const name = resolved?.api?.name ?? nameOf(call.callee.place);
  const method = path.at(-1);
  if (/(?:^|\.)sleep$/.test(name)) return isZero(call, 0) ? 'give-way' : 'work';
  if (resolved?.locks.some((lock) => lock.kind !== 'release')) return isAttemptAtOnce(call) ? 'poll' : 'work';
  if (resolved && resolved.targets.length > 0) return resolved.targets.every((target) => summaryOf(target)?.onlyLooks) ? 'poll' : 'work';
  if (CLOCKS.test(name)) return 'poll';
  if (/^select\.select$/.test(name)) return isZero(call, 3) ? 'poll' : 'work';
  if (root.kind === 'global' && path.length === 0) return BUILTIN_LOOKS.test(root.name) ? 'look' : 'work';
  if (/^os\.path\.(?:exists|isfile|isdir)$/.test(name)) return 'poll';
  if (method === undefined) return root.kind === 'import' && /^(?:time\.perf_counter|os\.getpid|operator\.)/.test(name) ? 'look' : 'work';
  if (/^(?:select|wait|join|result|poll|recv|get|put)$/.test(method) && waitsZero(call, method)) return method === 'get' || method === 'put' ? 'take' : 'poll';
  if (/^(?:subprocess\.Popen|multiprocessing\.connection\.Connection)\.poll$/.test(name)) return 'poll';
  if (TAKES.test(method)) return 'take';
  if (ASKS.test(method) && call.arguments.length === 0) return 'poll';
  // A queue's get() waits; a dictionary's has a key.
  if (
    method === 'get' &&
    (call.arguments.length === 0 || call.arguments.some((argument) => argument.name !== undefined) || resolved?.api?.name.includes('Queue'))
  )
    return 'work';
  return LOOKS.test(method) && root.kind !== 'import' ? 'look' : 'work';
}

/** `get(False)`, `get(timeout=0)`, `wait(0)`, `select(0)`. */
function waitsZero(call: Call, method: string): boolean {
  const block = call.arguments.find(({ name }) => name === 'block' || name === 'blocking');
  if (block?.value.kind === 'constant' && block.value.value === false) return true;
  const timeout = call.arguments.find(({ name }) => name === 'timeout');
  if (timeout) return timeout.value.kind === 'constant' && timeout.value.value === 0;
  const position = method === 'put' ? 1 : 0;
  const first = call.arguments[position];
  if (first?.name !== undefined || first?.value.kind !== 'constant') return false;
  return method === 'get' || method === 'put' ? first.value.value === false : first.value.value === 0;
}

function isAttemptAtOnce(call: Call): boolean {
  return (
    call.arguments.some(
      ({ name, value }, position) => (name === 'blocking' || name === 'block' || position === 0) && value.kind === 'constant' && value.value === false,
    ) || waitsZero(call, 'acquire')
  );
}

function isZero(call: Call, position: number): boolean {
  const argument = call.arguments.find(({ name }) => name === 'timeout' || name === 'delay') ?? call.arguments[position];
  return argument?.value.kind === 'constant' && argument.value.value === 0;
}

function nameOf({ root, path }: Place): string {
  const steps = path.filter((step) => step !== ELEMENT);
  if (root.kind === 'import') return [root.specifier, root.name, ...steps].filter((step) => step !== undefined).join('.');
  return ['name' in root ? root.name : undefined, ...steps].filter((step) => step !== undefined).join('.');
}
