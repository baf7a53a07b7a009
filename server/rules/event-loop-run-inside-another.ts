// asyncio.run() or run_until_complete() is called on a thread whose event loop is running already.
import { callOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Related } from './finding';
import type { Rule } from './rule';
import { calledApi, callsAny, LOOP } from './shared/event-loop-calls';
import { calledByCoroutines, isCaught } from './shared/loop-side';

export const eventLoopRunInsideAnother: Rule = {
  id: 'event-loop-run-inside-another',
  family: 'loop-thread-crossing',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['await-in-place'],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (!module || module.specifiers.some((specifier) => specifier.startsWith('nest_asyncio'))) return;
    if (!callsAny(file, RUNS, facts)) return;
    const functions = facts.functionsIn(file);
    const reached = calledByCoroutines(functions, facts);
    for (const fn of functions) {
      const via = reached.get(fn.key);
      if (!modelOf(fn).isAsync && via === undefined) continue;
      for (const [number, operation] of modelOf(fn).operations.entries()) {
        const api = operation.kind === 'call' ? calledApi(fn, number, facts) : undefined;
        if (api === undefined || !RUNS.has(api) || isCaught(fn, number)) continue;
        const called: Related[] = via ? [{ site: via, message: `${callOfKey(via.function)} runs on the loop and calls ${callOfKey(fn.key)}` }] : [];
        yield {
          rule: eventLoopRunInsideAnother.id,
          family: eventLoopRunInsideAnother.family,
          severity: eventLoopRunInsideAnother.severity,
          confidence: 0.85,
          site: { function: fn.key, point: number },
          message: `${api.replace('AbstractEventLoop', 'loop')}() fails here, since an event loop is running on this thread already: ${via ? `the coroutine ${callOfKey(via.function)} leads here` : `${callOfKey(fn.key)} is a coroutine`}, and loops do not nest. Make the way here async and await the coroutine, or call this through asyncio.to_thread.`,
          related: [...called, { site: { function: fn.key, point: number }, message: 'A second loop is run here' }],
          fixes: via ? [] : [{ kind: 'await-in-place', site: { function: fn.key, point: number } }],
        };
      }
    }
  },
};

const RUNS = new Set(['asyncio.run', 'asyncio.Runner.run', `${LOOP}.run_until_complete`, `${LOOP}.run_forever`]);
