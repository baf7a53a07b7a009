// A task is started and nobody keeps it: the event loop holds tasks only weakly, so it may vanish before it has ended.
import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { ELEMENT } from '../model/place';
import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround } from '../summary/structure';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { firstWait } from './shared/await-interleavings';
import { calledApi, callsAny, LOOP, namedApi } from './shared/event-loop-calls';
import { first, oneRun, second } from './shared/interleavings';
import { coroutineCalled, fateOf, MAKERS, type Made, TaskMakers } from './shared/task-makers';

export const taskNotKept: Rule = {
  id: 'task-not-kept',
  family: 'dangling-task',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['keep-task'],
  *check(file, facts) {
    const functions = facts.functionsIn(file);
    const makers = new TaskMakers(functions, facts);
    const makes = callsAny(file, MAKERS, facts) || callsAny(file, GATHERS, facts);
    const told = new Set<string>();
    for (const fn of functions) {
      for (const [number, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call') continue;
        const made = makes ? makers.madeBy(fn, number) : undefined;
        if (made && fateOf(fn, number, facts) === 'lost') yield findingOf(fn, number, made, facts);
        const callback = made ? undefined : callbackOf(fn, number, operation, facts);
        if (callback === undefined) continue;
        for (const finding of fromCallback(fn, number, operation, callback, makers, facts)) {
          // One callback may be handed to several.
          const where = `${finding.site.function} ${finding.site.point}`;
          if (!told.has(where)) yield finding;
          told.add(where);
        }
      }
    }
  },
};

/** Which argument of a call is called later by something that drops what callbacks return. */
function callbackOf(fn: ResolvedFunction, number: number, call: Call, facts: Facts): number | undefined {
  const api = calledApi(fn, number, facts);
  if (api === undefined) return methodOf(call) === 'add_done_callback' ? 0 : undefined;
  if (!/^(?:asyncio|signal|atexit|threading)\./.test(api)) return undefined;
  const entry = facts.program.resolver.api('python', api);
  const callback = entry?.effects?.find((effect) => effect.kind === 'spawn' && effect.runs !== undefined && DROPPING.has(effect.as));
  if (callback?.kind !== 'spawn') return undefined;
  return typeof callback.runs === 'object' ? callback.runs.argument : 0;
}

/** A callback that hands its task back to something that drops what callbacks return, or `call_soon(create_task, coroutine)`. */
function* fromCallback(fn: ResolvedFunction, number: number, call: Call, position: number, makers: TaskMakers, facts: Facts): Iterable<Finding> {
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

const GATHERS = new Set(['asyncio.gather']);
const DROPPING = new Set(['callback', 'timer', 'signal', 'finalizer', 'thread', 'task']);

function findingOf(fn: ResolvedFunction, number: number, made: Made, facts: Facts, handed?: Related): Finding {
  const runs = coroutineOf(fn, made.coroutine, facts);
  const waits = waitOf(fn, made.coroutine, facts);
  const api = calledApi(fn, number, facts) ?? '';
  const what = made.gathered ? `the tasks that run ${runs ?? 'these coroutines'}` : `the task that runs ${runs ?? 'this coroutine'}`;
  const helper = made.through ? ` ${callOfKey(made.through.key)} hands it back without keeping it.` : '';
  // In the next round of a loop a variable may be asked again; that is not seen here.
  const carried = modelOf(fn).isAsync && (modelOf(fn).operations[number] as Call).outcome === 'used' && loopAround(modelOf(fn), number) !== undefined;
  // Another's helper may give a task only at times.
  const isTask = !made.through && !made.gathered && MAKERS.has(api) && api !== 'asyncio.shield';
  const starting = startsProgram(fn, number, facts) || carried;
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
    interleaving: {
      sides: [oneRun(undefined, fn.key), `task running ${runs ?? 'the coroutine'}`],
      steps: [
        first({ function: fn.key, point: number }, 'starts the task, and keeps nothing of it'),
        second(waits ?? { function: fn.key, point: number }, 'waits; only the event loop knows it, and only weakly'),
        first({ function: fn.key, point: number }, 'goes on, and the garbage collector runs'),
      ],
      harm: 'lost',
      outcome: 'The task is taken away before it is done, and nobody notices.',
    },
    fixes: isTask ? [{ kind: 'keep-task', site: { function: fn.key, point: number } }] : [],
  };
}

function taskIn(helper: ResolvedFunction, facts: Facts): Related[] {
  const point = modelOf(helper).operations.findIndex((operation, at) => operation.kind === 'call' && MAKERS.has(calledApi(helper, at, facts) ?? ''));
  return point < 0 ? [] : [{ site: { function: helper.key, point }, message: `${callOfKey(helper.key)} starts the task here` }];
}

/** Where the coroutine waits first, if it is one of the workspace. */
function waitOf(fn: ResolvedFunction, value: Value | undefined, facts: Facts): Site | undefined {
  const made = resultOf(value);
  const key = made === undefined ? undefined : coroutineCalled(fn, made, facts);
  return key === undefined ? undefined : firstWait(key, facts);
}

/** `Session.save()` of the coroutine that calling it has made. */
function coroutineOf(fn: ResolvedFunction, value: Value | undefined, facts: Facts): string | undefined {
  const made = resultOf(value);
  if (made === undefined) return undefined;
  const key = coroutineCalled(fn, made, facts);
  if (key !== undefined) return callOfKey(key);
  const call = modelOf(fn).operations[made];
  const name = call.kind === 'call' ? methodOf(call) : '';
  return name === '' || name === ELEMENT ? undefined : `${name}()`;
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
