// The fixes, by kind.
import type { FixIntent, FixKind } from '../rules/fix-intent';
import type { Fix, FixContext, FixPlan } from './fix';
import { hoistAwait } from './hoist-await';
import { addMainGuard } from './main-guard';
import { awaitCoroutine, awaitInPlace } from './python/await-coroutine';
import { awaitSleep } from './python/await-sleep';
import { holdLock } from './python/hold-lock';
import { runInThread } from './python/run-in-thread';
import { swapLocks } from './python/swap-locks';
import { wrapFuture } from './python/wrap-future';
import { awaitAll } from './typescript/await-all';
import { awaitCall } from './typescript/await-call';
import { awaitEach } from './typescript/await-each';
import { returnPromise } from './typescript/return-promise';

const FIXES: { readonly [K in FixKind]: Fix<K> } = {
  'add-main-guard': addMainGuard,
  'hold-lock': holdLock,
  'hoist-await': hoistAwait,
  'swap-locks': swapLocks,
  'await-call': (intent, context) => awaitCall(intent, context) ?? awaitCoroutine(intent, context),
  'return-promise': returnPromise,
  'await-all': awaitAll,
  'await-each': awaitEach,
  'await-sleep': awaitSleep,
  'run-in-thread': runInThread,
  'wrap-future': wrapFuture,
  'await-in-place': awaitInPlace,
};

/** What an intent comes to in the texts as they are; undefined where it cannot be carried out without harm. */
export function planOf(intent: FixIntent, context: FixContext): FixPlan | undefined {
  const fix = FIXES[intent.kind] as (intent: FixIntent, context: FixContext) => FixPlan | undefined;
  const plan = fix(intent, context);
  return plan && plan.edits.length > 0 ? plan : undefined;
}
