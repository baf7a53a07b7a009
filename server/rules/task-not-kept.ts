// A task is started and nobody keeps it: the event loop holds tasks only weakly, so it may vanish before it has ended.
import type { Call } from '../model/operation';
import { ELEMENT } from '../model/place';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround } from '../summary/structure';
import { calledApi, LOOP, namedApi } from './event-loop-calls';
import type { Finding, Related } from './finding';
import { isArgument, isReceiver, usesOf } from './outcome-uses';
import type { Rule } from './rule';

export const taskNotKept: Rule = {
  id: 'task-not-kept',
  family: 'dangling-task',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  repaired: false,
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (module?.language !== 'python') return;
    const functions = module.functionKeys.flatMap((key) => facts.program.functions.get(key) ?? []);
    const makers = new TaskMakers(functions, facts);
    const told = new Set<string>();
    for (const fn of functions) {
      for (const [number, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call') continue;
        const made = makers.madeBy(fn, number);
        if (made && fateOf(fn, number, facts) === 'lost') yield findingOf(fn, number, made, facts);
        if (made) continue;
        for (const finding of fromCallback(fn, number, operation, makers, facts)) {
          // One callback may be handed to several.
          const where = `${finding.site.function} ${finding.site.point}`;
          if (!told.has(where)) yield finding;
          told.add(where);
        }
      }
    }
  },
};

/** What starts a task that somebody has to keep. A TaskGroup keeps its own. */
const MAKERS = new Set(['asyncio.create_task', 'asyncio.ensure_future', 'asyncio.Task', 'asyncio.shield', `${LOOP}.create_task`]);

/** Methods of a task that ask it something and keep nothing. */
const ASKS = new Set(['add_done_callback', 'set_name', 'get_name', 'get_coro', 'get_context', 'done', 'cancelled', 'print_stack']);
/** Functions that look at what they are given and keep nothing. */
const LOOKS_AT = new Set(['print', 'id', 'str', 'repr', 'bool', 'type', 'isinstance', 'weakref.ref', 'weakref.proxy', 'weakref.WeakSet.add']);
const LOGS = /(?:^|\.)(?:debug|info|warning|warn|error|exception|critical|log)$/;

/** How a call starts a task: itself, or through a helper of the same file that hands its task back. */
interface Made {
  readonly coroutine?: Value;
  readonly through?: ResolvedFunction;
  readonly gathered?: true;
}

class TaskMakers {
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
function coroutineCalled(fn: ResolvedFunction, number: number, facts: Facts): string | undefined {
  const { resolver } = facts.program;
  const operation = modelOf(fn).operations[number];
  const type = operation?.kind === 'call' ? resolver.typeOf(fn.module, fn.index, operation.callee) : undefined;
  const place = type?.kind === 'function' ? resolver.functionAt(type.function) : undefined;
  const model = place?.module.module.functions[place.index];
  return model?.isAsync && !model.isGenerator && type?.kind === 'function' ? type.function : undefined;
}

/** What becomes of a task: nobody has it once the function ends, its caller gets it and nobody else, or somebody keeps it. */
function fateOf(fn: ResolvedFunction, number: number, facts: Facts): 'lost' | 'returned' | 'kept' {
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
  const name = operation.callee.kind === 'place' ? (operation.callee.place.path.at(-1) ?? '') : '';
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

/** A callback that hands its task back to something that drops what callbacks return, or `call_soon(create_task, coroutine)`. */
function* fromCallback(fn: ResolvedFunction, number: number, call: Call, makers: TaskMakers, facts: Facts): Iterable<Finding> {
  const { resolver } = facts.program;
  const api = calledApi(fn, number, facts);
  const entry = api === undefined ? undefined : resolver.api('python', api);
  const callback = entry?.effects?.find((effect) => effect.kind === 'spawn' && effect.runs !== undefined && DROPPING.has(effect.as));
  const unknownTask = api === undefined && call.callee.kind === 'place' && call.callee.place.path.at(-1) === 'add_done_callback';
  if (!unknownTask && (callback?.kind !== 'spawn' || !/^(?:asyncio|signal|atexit|threading)\./.test(api ?? ''))) return;
  const target = callback?.kind === 'spawn' ? callback.runs : undefined;
  const position = typeof target === 'object' ? target.argument : 0;
  const given = call.arguments[position];
  if (!given || given.name !== undefined) return;
  const maker = namedApi(fn, given.value, facts);
  if (maker !== undefined && MAKERS.has(maker)) {
    yield findingOf(fn, number, { coroutine: call.arguments[position + 1]?.value }, facts);
    return;
  }
  const run = makers.workspaceFunction(fn, given.value);
  if (!run || !makers.handsTaskBack(run)) return;
  for (const [at, operation] of modelOf(run).operations.entries()) {
    const made = operation.kind === 'call' && fateOf(run, at, facts) === 'returned' ? makers.madeBy(run, at) : undefined;
    if (!made) continue;
    const handed: Related = { site: { function: fn.key, point: number }, message: `${callOfKey(run.key)} is handed over here; what it returns is thrown away` };
    yield findingOf(run, at, made, facts, handed);
  }
}

const DROPPING = new Set(['callback', 'timer', 'signal', 'finalizer', 'thread', 'task']);

function findingOf(fn: ResolvedFunction, number: number, made: Made, facts: Facts, handed?: Related): Finding {
  const runs = coroutineOf(fn, made.coroutine, facts);
  const what = made.gathered ? `the tasks that run ${runs ?? 'these coroutines'}` : `the task that runs ${runs ?? 'this coroutine'}`;
  const helper = made.through ? ` ${callOfKey(made.through.key)} hands it back without keeping it.` : '';
  const starting = startsProgram(fn, number, facts);
  return {
    rule: taskNotKept.id,
    family: taskNotKept.family,
    severity: starting ? 'information' : taskNotKept.severity,
    confidence: starting ? 0.4 : 0.8,
    site: { function: fn.key, point: number },
    message: `Nobody keeps ${what}: the event loop holds tasks only weakly, so it can be garbage collected before it is done, and an exception in it goes unseen.${helper} Keep it in a field, or in a set with add_done_callback(the_set.discard), await it, or start it in a TaskGroup.`,
    related: [
      {
        site: { function: fn.key, point: number },
        message: made.through ? 'What the helper hands back is dropped here' : 'The task is started and dropped here',
      },
      ...(made.through ? taskIn(made.through, facts) : []),
      ...(handed ? [handed] : []),
    ],
    fixes: [],
  };
}

function taskIn(helper: ResolvedFunction, facts: Facts): Related[] {
  const point = modelOf(helper).operations.findIndex((operation, at) => operation.kind === 'call' && MAKERS.has(calledApi(helper, at, facts) ?? ''));
  return point < 0 ? [] : [{ site: { function: helper.key, point }, message: `${callOfKey(helper.key)} starts the task here` }];
}

/** `Session.save()` of the coroutine that calling it has made. */
function coroutineOf(fn: ResolvedFunction, value: Value | undefined, facts: Facts): string | undefined {
  if (value?.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length > 0) return undefined;
  const key = coroutineCalled(fn, value.place.root.operation, facts);
  if (key !== undefined) return callOfKey(key);
  const call = modelOf(fn).operations[value.place.root.operation];
  const name = call.kind === 'call' && call.callee.kind === 'place' ? call.callee.place.path.at(-1) : undefined;
  return name === undefined || name === ELEMENT ? undefined : `${name}()`;
}

/** Started just before the loop is set going: the task is there from the loop's first round to the program's end. */
function startsProgram(fn: ResolvedFunction, number: number, facts: Facts): boolean {
  if (modelOf(fn).isAsync) return false;
  return modelOf(fn).operations.some((operation, at) => {
    if (operation.kind !== 'call' || at < number) return false;
    const api = calledApi(fn, at, facts) ?? '';
    return api === `${LOOP}.run_forever` || api === `${LOOP}.run_until_complete`;
  });
}
