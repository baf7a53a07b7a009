// Started work: the threads, processes and tasks that a file starts, with what they run and whether they end with the program.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { functionsOf } from '../../summary/call-values';
import type { Facts } from '../../summary/facts';
import type { ClassKey, FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { argumentOf, hasSpread, madeIn } from './made-objects';
import { lifeOf, type ObjectLife } from './object-life';

export interface StartedWork {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly call: Call;
  readonly kind: 'thread' | 'process' | 'timer' | 'task';
  /** What it runs. */
  readonly target: FunctionKey;
  /** Whether the program may end while it runs; undefined where that cannot be told. */
  readonly daemon: boolean | undefined;
  readonly life: ObjectLife;
  /** The class of the workspace that derives from Thread or Process, if it is such a one that is made. */
  readonly subclass?: ClassKey;
}

const KINDS: Readonly<Record<string, StartedWork['kind']>> = {
  'threading.Thread': 'thread',
  'threading.Timer': 'timer',
  'multiprocessing.Process': 'process',
  'asyncio.Task': 'task',
};

/** All threads, timers, processes and tasks that a file makes and whose work is known; one for each function that may run there. */
export function startedIn(file: string, facts: Facts): readonly StartedWork[] {
  return facts.once(startedIn, file, () => [...findStarted(file, facts)]);
}

function* findStarted(file: string, facts: Facts): Iterable<StartedWork> {
  for (const made of madeIn(file, facts, (api) => Object.hasOwn(KINDS, api))) {
    const { fn, point, call } = made;
    // A task group waits for its tasks itself.
    if (/TaskGroup/.test(fn.calls.get(point)?.api?.name ?? '')) continue;
    const kind = KINDS[made.api];
    const targets = new Set((fn.calls.get(point)?.spawns ?? []).flatMap((spawn) => spawn.function ?? []));
    if (targets.size === 0) continue;
    const callee = facts.program.resolver.typeOf(fn.module, fn.index, call.callee);
    const subclass = callee?.kind === 'class' ? callee.class : undefined;
    const life = lifeOf(facts, fn.key, point);
    const daemon = kind === 'task' ? true : isDaemon(call, life, subclass, facts);
    for (const target of targets) yield { fn, point, call, kind, target, life, daemon, subclass };
  }
  yield* tasksByName(file, facts);
}

/** `self._loop.create_task(self._run())` on a loop that nobody says the type of. */
function* tasksByName(file: string, facts: Facts): Iterable<StartedWork> {
  for (const fn of facts.functionsIn(file)) {
    if (fn.module.language !== 'python') continue;
    for (const [point, call] of modelOf(fn).operations.entries()) {
      if (call.kind !== 'call' || !STARTS_TASK.has(methodOf(call))) continue;
      const coroutine = call.arguments[0]?.value;
      if (!coroutine || fn.calls.get(point)?.api !== undefined) continue;
      for (const target of functionsOf(facts.program.resolver, fn.module, fn.index, coroutine))
        yield { fn, point, call, kind: 'task', target, life: lifeOf(facts, fn.key, point), daemon: true };
    }
  }
}

const STARTS_TASK = new Set(['create_task', 'ensure_future']);

export function isDaemon(call: Call, life: ObjectLife, subclass: ClassKey | undefined, facts: Facts): boolean | undefined {
  for (const attribute of life.attributes)
    if (attribute.name === 'daemon' && attribute.written) return attribute.constant === undefined ? undefined : attribute.constant === true;
  if (life.uses.some((use) => use.name === 'setDaemon')) return true;
  const given = argumentOf(call, 'daemon');
  if (given) return given.kind === 'constant' ? given.value === true : undefined;
  if (subclass !== undefined) return isDaemonClass(subclass, facts);
  return hasSpread(call) ? undefined : false;
}

/** What a class derived from Thread says of itself: `daemon = True`, `self.daemon = True`, `super().__init__(daemon=True)`. */
function isDaemonClass(key: ClassKey, facts: Facts): boolean | undefined {
  const { resolver } = facts.program;
  for (const ancestor of resolver.lineage(key)) {
    const declared = resolver.classAt(ancestor);
    const module = resolver.moduleOfClass(ancestor);
    if (!declared || !module) continue;
    const field = declared.fields.get('daemon')?.values[0]?.value;
    if (field) return field.kind === 'constant' ? field.value === true : undefined;
    for (const index of Object.values(declared.methods)) {
      for (const operation of module.module.functions[index].operations) {
        if (operation.kind !== 'call') continue;
        const name = methodOf(operation);
        if (name === 'setDaemon') return true;
        if (name !== '__init__') continue;
        const given = argumentOf(operation, 'daemon');
        if (given) return given.kind === 'constant' ? given.value === true : undefined;
        if (operation.arguments.some((argument) => argument.spread)) return undefined;
      }
    }
  }
  return false;
}

/** The class whose method starts it, or, where a function does so for others, the class whose method it runs. */
export function ownerOf(work: StartedWork, facts: Facts): ClassKey | undefined {
  for (const fn of [work.fn, facts.program.functions.get(work.target)]) {
    const at = fn && modelOf(fn).class;
    if (at !== undefined) return fn!.module.classKeys[at];
  }
  return undefined;
}

/** Where a person looks for the start: in the class that owns the work, not in the function that starts it for everybody. */
export function siteOf(work: StartedWork, facts: Facts): Site {
  const site = { function: work.fn.key, point: work.point };
  const owner = ownerOf(work, facts);
  if (modelOf(work.fn).class !== undefined || owner === undefined) return site;
  for (const [caller, sites] of facts.program.callers.get(work.fn.key) ?? []) {
    const fn = facts.program.functions.get(caller);
    const at = fn && modelOf(fn).class;
    if (at === undefined || fn!.module.classKeys[at] !== owner) continue;
    for (const { point } of sites) {
      const call = modelOf(fn!).operations[point];
      const gives =
        call?.kind === 'call' &&
        call.arguments.some((argument) => functionsOf(facts.program.resolver, fn!.module, fn!.index, argument.value).includes(work.target));
      if (gives) return { function: caller, point };
    }
  }
  return site;
}
