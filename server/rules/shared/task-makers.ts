// Task makers: what starts a task, and what becomes of the task in the function that does.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { loopAround } from '../../summary/structure';
import { calledApi, LOOP } from './event-loop-calls';
import { isArgument, isReceiver, usesOf } from './outcome-uses';

/** What starts a task that somebody has to keep. A TaskGroup keeps its own. */
export const MAKERS = new Set(['asyncio.create_task', 'asyncio.ensure_future', 'asyncio.Task', 'asyncio.shield', `${LOOP}.create_task`]);

/** Methods of a task that ask it something and keep nothing. */
const ASKS = new Set(['add_done_callback', 'set_name', 'get_name', 'get_coro', 'get_context', 'done', 'cancelled', 'print_stack']);
/** Functions that look at what they are given and keep nothing. */
const LOOKS_AT = new Set(['print', 'id', 'str', 'repr', 'bool', 'type', 'isinstance', 'weakref.ref', 'weakref.proxy', 'weakref.WeakSet.add']);
const LOGS = /(?:^|\.)(?:debug|info|warning|warn|error|exception|critical|log)$/;

/** How a call starts a task: itself, or through a helper of the same file that hands its task back. */
export interface Made {
  readonly coroutine?: Value;
  readonly through?: ResolvedFunction;
  readonly gathered?: true;
}

export class TaskMakers {
  private readonly byKey: ReadonlyMap<string, ResolvedFunction>;
  private readonly handing = new Map<string, boolean>();

  constructor(
    functions: readonly ResolvedFunction[],
    private readonly facts: Facts,
  ) {
    this.byKey = new Map(functions.map((fn) => [fn.key, fn]));
  }

  madeBy(fn: ResolvedFunction, number: number): Made | undefined {
    const call = modelOf(fn).operations[number] as Call;
    const api = calledApi(fn, number, this.facts);
    if (api !== undefined && MAKERS.has(api)) {
      const coroutine = call.arguments.find((argument) => argument.name === undefined || argument.name.startsWith('coro'));
      if (api === 'asyncio.shield' && !this.givesCoroutine(fn, coroutine?.depends ?? [])) return undefined;
      return { coroutine: coroutine?.value };
    }
    if (api === 'asyncio.gather') {
      const given = call.arguments.filter((argument) => argument.name === undefined && this.givesCoroutine(fn, argument.depends));
      return given.length > 0 ? { coroutine: given[0].value, gathered: true } : undefined;
    }
    if (api !== undefined) return undefined;
    const helper = this.workspaceFunction(fn, call.callee);
    if (!helper || modelOf(helper).isAsync || !this.handsTaskBack(helper)) return undefined;
    return { coroutine: call.arguments[0]?.value, through: helper };
  }

  /** A function of this file that makes a task, keeps it nowhere and returns it. */
  handsTaskBack(fn: ResolvedFunction): boolean {
    const known = this.handing.get(fn.key);
    if (known !== undefined) return known;
    this.handing.set(fn.key, false);
    const { operations, isAsync } = modelOf(fn);
    const hands =
      !isAsync &&
      operations.some(
        (operation, number) => operation.kind === 'call' && this.madeBy(fn, number) !== undefined && fateOf(fn, number, this.facts) === 'returned',
      );
    this.handing.set(fn.key, hands);
    return hands;
  }

  workspaceFunction(fn: ResolvedFunction, value: Value): ResolvedFunction | undefined {
    const type = this.facts.program.resolver.typeOf(fn.module, fn.index, value);
    return type?.kind === 'function' ? this.byKey.get(type.function) : undefined;
  }

  private givesCoroutine(fn: ResolvedFunction, numbers: readonly number[]): boolean {
    return numbers.some((number) => coroutineCalled(fn, number, this.facts) !== undefined);
  }
}

/** The coroutine function that a call makes a coroutine of. */
export function coroutineCalled(fn: ResolvedFunction, number: number, facts: Facts): string | undefined {
  const { resolver } = facts.program;
  const operation = modelOf(fn).operations[number];
  const type = operation?.kind === 'call' ? resolver.typeOf(fn.module, fn.index, operation.callee) : undefined;
  const place = type?.kind === 'function' ? resolver.functionAt(type.function) : undefined;
  const model = place?.module.module.functions[place.index];
  return model?.isAsync && !model.isGenerator && type?.kind === 'function' ? type.function : undefined;
}

/** What becomes of a task: nobody has it once the function ends, its caller gets it and nobody else, or somebody keeps it. */
export function fateOf(fn: ResolvedFunction, number: number, facts: Facts): 'lost' | 'returned' | 'kept' {
  const model = modelOf(fn);
  const operation = model.operations[number] as Call;
  const uses = usesOf(model, number);
  const keeping = uses.filter((use) => use.by !== 'operation' || keeps(fn, number, use.number, facts));
  if (keeping.length > 0) return keeping.every((use) => use.by === 'operation' && model.operations[use.number].kind === 'return') ? 'returned' : 'kept';
  if (operation.outcome === 'dropped' || uses.some((use) => isChained(fn, number, use.number, operation))) return 'lost';
  if (operation.outcome !== 'used') return 'kept';
  return livesOn(fn, number) ? 'kept' : 'lost';
}

/** `create_task(…).add_done_callback(…)`: there is not even a variable. */
function isChained(fn: ResolvedFunction, number: number, use: number, made: Call): boolean {
  const operation = modelOf(fn).operations[use];
  return operation.kind === 'call' && isReceiver(operation, number) && operation.span.start === made.span.start;
}

function keeps(fn: ResolvedFunction, task: number, user: number, facts: Facts): boolean {
  const operation = modelOf(fn).operations[user];
  if (operation.kind !== 'call') return true;
  const name = methodOf(operation);
  if (!isArgument(operation, task)) return !isReceiver(operation, task) || !ASKS.has(name);
  const api = calledApi(fn, user, facts) ?? typeNamed(fn, operation.callee, facts);
  return api === undefined ? !LOGS.test(name) : !LOOKS_AT.has(api) && !(api.startsWith('logging.') || LOGS.test(api));
}

/** The dotted name of something that no library model describes. */
function typeNamed(fn: ResolvedFunction, callee: Value, facts: Facts): string | undefined {
  const type = facts.program.resolver.typeOf(fn.module, fn.index, callee);
  return type?.kind === 'api' ? type.name : undefined;
}

/** A local variable holds the task as long as the function waits for something else; in a loop the next round overwrites it. */
function livesOn(fn: ResolvedFunction, number: number): boolean {
  const model = modelOf(fn);
  if (!model.isAsync && !model.isGenerator) return false;
  const waits = model.operations.some((operation, at) => at > number && (operation.kind === 'await' || operation.kind === 'yield'));
  const loop = loopAround(model, number);
  const { statement } = model.operations[number];
  // The loop of a comprehension stands inside the statement, and what it makes is kept together.
  const overwritten = loop !== undefined && model.statements[statement].start > loop.span.start;
  return waits && !overwritten;
}
