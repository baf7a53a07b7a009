// The future of a thread or process pool is awaited as if it were one of asyncio's.
import { methodOf } from '../model/calls';
import type { Value } from '../model/value';
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { calledApi, callsAny } from './shared/event-loop-calls';

export const concurrentFutureAwaited: Rule = {
  id: 'concurrent-future-awaited',
  family: 'loop-thread-crossing',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: ['wrap-future'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const { resolver } = facts.program;
    const isPoolFuture = (value: Value) => {
      const type = resolver.typeOf(fn.module, fn.index, value);
      return type?.kind === 'library' && type.name === 'concurrent.futures.Future';
    };
    // `await self._queue.get()` waits for the queue, not for what comes out of it; a queue between threads gives that at once.
    const isTaking = (value: Value) => {
      const taken = value.kind === 'place' && value.place.root.kind === 'result' ? modelOf(fn).operations[value.place.root.operation] : undefined;
      if (taken?.kind !== 'call' || taken.callee.kind !== 'place' || methodOf(taken) !== 'get') return false;
      const { root, path } = taken.callee.place;
      const queue = resolver.typeOf(fn.module, fn.index, { kind: 'place', place: { root, path: path.slice(0, -1) } });
      return !(queue && 'name' in queue && /^(?:queue|multiprocessing)\./.test(queue.name));
    };
    const hands = callsAny(fn.module.file, AWAITS, facts);
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      const direct = operation.kind === 'await' && !isTaking(operation.value) && isPoolFuture(operation.value);
      const given =
        hands &&
        operation.kind === 'call' &&
        AWAITS.has(calledApi(fn, number, facts) ?? '') &&
        operation.arguments.some((argument) => !argument.spread && isPoolFuture(argument.value));
      if (!direct && !given) continue;
      yield {
        rule: concurrentFutureAwaited.id,
        family: concurrentFutureAwaited.family,
        severity: concurrentFutureAwaited.severity,
        confidence: 0.9,
        site: { function: key, point: number },
        message:
          'A future of concurrent.futures cannot be awaited: this raises a TypeError, because the event loop knows nothing of the pool’s futures. Wrap it in asyncio.wrap_future(…), or start the job with loop.run_in_executor(pool, function).',
        related: [{ site: { function: key, point: number }, message: 'Awaited here' }],
        fixes: direct ? [{ kind: 'wrap-future', site: { function: key, point: number } }] : [],
      };
    }
  },
};

const AWAITS = new Set(['asyncio.gather', 'asyncio.wait_for', 'asyncio.shield', 'asyncio.ensure_future']);
