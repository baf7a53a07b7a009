// A function that runs on a plain thread asks for the running event loop, which is in another thread.
import { describeRoot, rootParts } from '../summary/contexts';
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { calledApi } from './shared/event-loop-calls';
import { isCaught } from './shared/loop-side';

export const noEventLoopInThread: Rule = {
  id: 'no-event-loop-in-thread',
  family: 'loop-thread-crossing',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: ['cross-to-loop'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const summary = facts.summaryOf(key);
    if (!fn || !summary || modelOf(fn).isAsync || summary.runsLoop || fn.mainTests.size > 0) return;
    const context = facts.contextOf(key);
    const thread = context.offLoop.find((root) => rootParts(root).kind === 'thread' || rootParts(root).kind === 'timer');
    if (thread === undefined) return;
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      const api = operation.kind === 'call' ? calledApi(fn, number, facts) : undefined;
      if (operation.kind !== 'call' || api === undefined || !NEEDS_LOOP.has(api) || isCaught(fn, number)) continue;
      if (api === 'asyncio.ensure_future' && operation.arguments.some((argument) => argument.name === 'loop')) continue;
      yield {
        rule: noEventLoopInThread.id,
        family: noEventLoopInThread.family,
        severity: noEventLoopInThread.severity,
        confidence: 0.8,
        site: { function: key, point: number },
        message: `${api}() fails here, since there is no running event loop in this thread: ${describeRoot(thread)} ${rootParts(thread).many ? 'run on threads of their own' : 'runs on a thread of its own'}, and the loop is in another one. Get the loop in a coroutine, hand it over, and use asyncio.run_coroutine_threadsafe(coroutine, loop) or loop.call_soon_threadsafe(…).`,
        related: [{ site: { function: key, point: number }, message: 'Asked for on a thread without a loop' }],
        fixes: MAKES_TASK.test(api) ? [{ kind: 'cross-to-loop', site: { function: key, point: number }, on: 'task-maker' }] : [],
      };
      return;
    }
  },
};

const NEEDS_LOOP = new Set(['asyncio.create_task', 'asyncio.ensure_future', 'asyncio.get_running_loop', 'asyncio.get_event_loop']);

const MAKES_TASK = /^asyncio\.(?:create_task|ensure_future)$/;
