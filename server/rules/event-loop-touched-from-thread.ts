// An asyncio object is used on another thread than its event loop's, or by a signal handler that interrupts the loop.
import { CALLER, describeRoot, MAIN, type RootId, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Interleaving, Related } from './finding';
import type { Rule } from './rule';
import { calledApi, callsAny, LOOP } from './shared/event-loop-calls';
import { first, oneRun, second } from './shared/interleavings';
import { asksWhereItRuns, backgroundLoops, isLocalArm, loopCallbacks, threadBeside } from './shared/loop-side';

export const eventLoopTouchedFromThread: Rule = {
  id: 'event-loop-touched-from-thread',
  family: 'loop-thread-crossing',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['cross-to-loop'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'python' || !callsAny(file, UNSAFE, facts)) return;
    const functions = facts.functionsIn(file);
    const callbacks = loopCallbacks(functions, facts);
    const background = backgroundLoops(functions, facts);
    const owners = new Set([...background.keys()].map(ownerOf));
    for (const fn of functions) {
      const model = modelOf(fn);
      const summary = facts.summaryOf(fn.key);
      if (model.isAsync || !summary) continue;
      const touches = model.operations.flatMap((operation, number) => {
        const api = operation.kind === 'call' ? calledApi(fn, number, facts) : undefined;
        return api !== undefined && UNSAFE.has(api) ? [{ number, api }] : [];
      });
      if (touches.length === 0 || asksWhereItRuns(fn, facts)) continue;
      const context = facts.contextOf(fn.key);
      // Whoever hands the function to the loop elsewhere knows, and decides where it is called.
      if (context.roots.some((root) => rootParts(root).kind === 'task' && rootParts(root).function === fn.key)) continue;
      const thread = threadBeside(fn, callbacks, facts);
      const signal = context.offLoop.find((root) => rootParts(root).kind === 'signal');
      const outside = context.offLoop.find((root) => root === CALLER || root === MAIN);
      const lastRun = lastLoopRun(fn, facts);
      for (const { number, api } of touches) {
        // What is prepared before a loop of its own runs belongs to that one.
        if ((summary.runsLoop && (lastRun === undefined || number < lastRun)) || isLocalArm(fn, number, facts)) continue;
        if (thread !== undefined) yield findingOf(fn, number, api, onThread(fn, number, thread, facts));
        else if (signal !== undefined) {
          if (!wakesLoop(fn, facts)) yield findingOf(fn, number, api, inSignalHandler(fn, number, signal));
        } else if (outside !== undefined && model.kind !== 'constructor' && !summary.spawns.some((spawn) => spawn.as === 'thread')) {
          const cell = fn.calls.get(number)?.receiver;
          const runner =
            cell &&
            (background.get(cell.key) ??
              (owners.has(ownerOf(cell.key)) ? [...background].find(([key]) => ownerOf(key) === ownerOf(cell.key))?.[1] : undefined));
          if (runner !== undefined && !isReadied(fn, number, facts)) yield findingOf(fn, number, api, besideBackground(fn, number, runner));
        }
      }
    }
  },
};

/** What asyncio offers that is for the loop's own thread alone, and changes something. */
const UNSAFE = new Set([
  ...['put_nowait', 'get_nowait', 'task_done', 'shutdown'].map((name) => `asyncio.Queue.${name}`),
  ...['set', 'clear'].map((name) => `asyncio.Event.${name}`),
  ...['set_result', 'set_exception', 'cancel'].map((name) => `asyncio.Future.${name}`),
  'asyncio.Task.cancel',
  ...['call_soon', 'call_later', 'call_at', 'create_task', 'stop', 'add_reader', 'add_writer', 'remove_reader', 'remove_writer'].map(
    (name) => `${LOOP}.${name}`,
  ),
  'asyncio.Lock.release',
  'asyncio.Semaphore.release',
  ...['notify', 'notify_all', 'release'].map((name) => `asyncio.Condition.${name}`),
  'asyncio.StreamWriter.write',
  'asyncio.StreamWriter.close',
  ...['write', 'close', 'abort'].map((name) => `asyncio.Transport.${name}`),
]);

/** `file#Class.field` → `file#Class` */
function ownerOf(cell: string): string {
  return cell.slice(0, Math.max(cell.lastIndexOf('.'), cell.lastIndexOf(':'), cell.lastIndexOf('/')));
}

/** The last `asyncio.run` in a function: after it that loop is closed, and what is touched belongs to another one. */
function lastLoopRun(fn: ResolvedFunction, facts: Facts): number | undefined {
  const { operations } = modelOf(fn);
  const runs = operations.flatMap((operation, number) => {
    if (operation.kind !== 'call' || !fn.calls.get(number)?.runsLoop) return [];
    return [{ number, whole: calledApi(fn, number, facts) === 'asyncio.run' }];
  });
  return runs.length > 0 && runs.every((run) => run.whole) ? runs.at(-1)!.number : undefined;
}

/** After the thread was waited for, nobody runs the loop any more. */
function isReadied(fn: ResolvedFunction, number: number, facts: Facts): boolean {
  return facts.summaryOf(fn.key)?.joins.some((point) => point < number) ?? false;
}

/** `call_soon_threadsafe(lambda: None)` after the touch: the handler knows that the loop has to be woken. */
function wakesLoop(fn: ResolvedFunction, facts: Facts): boolean {
  return modelOf(fn).operations.some((operation, number) => operation.kind === 'call' && calledApi(fn, number, facts) === `${LOOP}.call_soon_threadsafe`);
}

interface Reason {
  readonly text: string;
  readonly confidence: number;
  readonly related: readonly Related[];
  readonly interleaving: Interleaving;
}

const NOT_WOKEN = { harm: 'stuck', outcome: 'The loop sleeps on, and whoever awaits this waits until something else wakes it.' } as const;

function onThread(fn: ResolvedFunction, number: number, root: RootId, facts: Facts): Reason {
  const start = rootParts(root).function;
  const here = { site: { function: fn.key, point: number }, message: 'The thread touches it here, with no event loop of its own' };
  const used = awaitedAt(fn, number, facts);
  const use = used[0]?.site;
  const begins = start !== undefined && fileOfKey(start) === fileOfKey(fn.key) && start !== fn.key;
  return {
    text: `${describeRoot(root)} ${rootParts(root).many ? 'get' : 'gets'} here, beside the loop`,
    confidence: 0.85,
    related: [...(begins ? [{ site: { function: start, point: NAME }, message: `${callOfKey(start)} is where the thread begins` }] : []), here, ...used],
    interleaving: {
      sides: use ? [oneRun(root, fn.key), `event loop running ${callOfKey(use.function)}`] : [oneRun(root, fn.key)],
      steps: [
        ...(use ? [second(use, 'uses it, and gives way; the loop sleeps until something wakes it')] : []),
        first({ function: start ?? fn.key, point: NAME }, 'begins, on a thread without the loop'),
        first(here.site, 'changes what belongs to the loop, and does not wake it'),
      ],
      ...NOT_WOKEN,
    },
  };
}

function inSignalHandler(fn: ResolvedFunction, number: number, root: RootId): Reason {
  return {
    text: `${describeRoot(root)} interrupts the loop anywhere as a signal handler`,
    confidence: 0.7,
    related: [],
    interleaving: {
      sides: [oneRun(root, fn.key)],
      steps: [
        first({ function: fn.key, point: NAME }, 'interrupts the loop, which may be in the middle of anything or asleep'),
        first({ function: fn.key, point: number }, 'changes what belongs to the loop, and does not wake it'),
      ],
      ...NOT_WOKEN,
    },
  };
}

function besideBackground(fn: ResolvedFunction, number: number, runner: string): Reason {
  return {
    text: `the loop runs in a background thread, which ${callOfKey(runner)} sees to, and ${callOfKey(fn.key)} is called on other threads`,
    confidence: 0.75,
    related: [
      { site: { function: runner, point: NAME }, message: `The loop’s thread belongs to ${callOfKey(runner)}` },
      { site: { function: fn.key, point: number }, message: 'Touched here, on the caller’s thread' },
    ],
    interleaving: {
      sides: ['thread of the event loop', oneRun(undefined, fn.key)],
      steps: [
        first({ function: runner, point: NAME }, 'has the loop run, which sleeps when nothing is due'),
        second({ function: fn.key, point: number }, 'changes what belongs to the loop, and does not wake it'),
      ],
      ...NOT_WOKEN,
    },
  };
}

/** A coroutine of the same file that uses the same object. */
function awaitedAt(fn: ResolvedFunction, number: number, facts: Facts): Related[] {
  const cell = fn.calls.get(number)?.receiver;
  if (!cell) return [];
  const use = facts.usesOf(cell.key).find((other) => fileOfKey(other.function) === fileOfKey(fn.key) && facts.summaryOf(other.function)?.isAsync);
  return use ? [{ site: { function: use.function, point: use.point }, message: `${callOfKey(use.function)} uses it on the loop` }] : [];
}

function findingOf(fn: ResolvedFunction, point: number, api: string, reason: Reason): Finding {
  const method = api.slice(api.lastIndexOf('.') + 1);
  const safe = api === `${LOOP}.create_task` ? 'asyncio.run_coroutine_threadsafe(coroutine, loop)' : `loop.call_soon_threadsafe(….${method}, …)`;
  return {
    rule: eventLoopTouchedFromThread.id,
    family: eventLoopTouchedFromThread.family,
    severity: eventLoopTouchedFromThread.severity,
    confidence: reason.confidence,
    site: { function: fn.key, point },
    message: `${api.replace('AbstractEventLoop', 'loop')}() is called outside the event loop’s thread: ${reason.text}. Nothing of asyncio is thread-safe: the loop is not woken up, so that whoever awaits this may wait on, and its queues and handles can be damaged. Go through ${safe}.`,
    related: reason.related.length > 0 ? reason.related : [{ site: { function: fn.key, point }, message: 'Touched here' }],
    interleaving: reason.interleaving,
    fixes: [{ kind: 'cross-to-loop', site: { function: fn.key, point }, on: onWhat(api) }],
  };
}

/** How the loop is known: it is called itself, the object tells it, or it has to be found. */
function onWhat(api: string): 'loop' | 'future' | 'other' {
  if (api.startsWith(LOOP)) return 'loop';
  return /^asyncio\.(?:Future|Task)\./.test(api) ? 'future' : 'other';
}
