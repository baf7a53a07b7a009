// The fixes, by kind.
import type { FixIntent, FixKind } from '../rules/fix-intent';
import type { Fix, FixContext, FixPlan } from './fix';
import { hoistAwait } from './hoist-await';
import { addMainGuard } from './main-guard';
import { addReduce } from './python/add-reduce';
import { afterLock } from './python/after-lock';
import { askFutures } from './python/ask-futures';
import { awaitCoroutine, awaitInPlace } from './python/await-coroutine';
import { awaitSleep } from './python/await-sleep';
import { boundQueue } from './python/bound-queue';
import { callStart } from './python/call-start';
import { checkAgain } from './python/check-again';
import { clearEventFirst } from './python/clear-event-first';
import { closeAndJoin } from './python/close-and-join';
import { computeOnce } from './python/compute-once';
import { crossToLoop } from './python/cross-to-loop';
import { endInClose } from './python/end-in-close';
import { guardPlace } from './python/guard-place';
import { holdCondition } from './python/hold-condition';
import { handOutCopy } from './python/hand-out-copy';
import { holdLock } from './python/hold-lock';
import { holdValueLock } from './python/hold-value-lock';
import { iterateCopy } from './python/iterate-copy';
import { joinAfterLoop } from './python/join-after-loop';
import { joinAfterReading } from './python/join-after-reading';
import { joinIfAlive, joinUnlessOwn } from './python/join-on-condition';
import { keepTask } from './python/keep-task';
import { logFailure } from './python/log-failure';
import { logGathered } from './python/log-gathered';
import { makeDaemon } from './python/make-daemon';
import { makeLockEarly } from './python/make-lock-early';
import { makeReentrant } from './python/make-reentrant';
import { moveToModule } from './python/move-to-module';
import { notifyAll } from './python/notify-all';
import { oneAtATime } from './python/one-at-a-time';
import { passTarget } from './python/pass-target';
import { readResults } from './python/read-results';
import { reapChild } from './python/reap-child';
import { releaseInFinally } from './python/release-in-finally';
import { releaseOnError } from './python/release-on-error';
import { runInThread } from './python/run-in-thread';
import { setDaemonFirst } from './python/set-daemon-first';
import { setDefault } from './python/set-default';
import { settleFuture } from './python/settle-future';
import { startThread } from './python/start-thread';
import { swapLocks } from './python/swap-locks';
import { makeTuple, placeTarget } from './python/thread-arguments';
import { useAsyncioLock } from './python/use-asyncio-lock';
import { shutPoolDown, usePoolWith } from './python/use-pool-with';
import { useProcesses } from './python/use-processes';
import { useWith, useWithOnExits } from './python/use-with';
import { waitInLoop } from './python/wait-in-loop';
import { pauseInLoop, waitInstead } from './python/wait-instead';
import { wrapFuture } from './python/wrap-future';
import { awaitAll } from './typescript/await-all';
import { awaitCall } from './typescript/await-call';
import { awaitEach } from './typescript/await-each';
import { catchElsewhere } from './typescript/catch-elsewhere';
import { catchInHandler } from './typescript/catch-in-handler';
import { catchPromise } from './typescript/catch-promise';
import { clearTimeoutAfterRace } from './typescript/clear-timeout';
import { dropLateAnswer } from './typescript/drop-late-answer';
import { endWithOwner } from './typescript/end-with-owner';
import { releaseInFinallyBlock } from './typescript/finally-block';
import { forgetFailure } from './typescript/forget-failure';
import { limitConcurrency } from './typescript/limit-concurrency';
import { listenForError } from './typescript/listen-for-error';
import { usePromiseVersion } from './typescript/promise-version';
import { returnPromise } from './typescript/return-promise';
import { runExclusive } from './typescript/run-exclusive';
import { shareCall } from './typescript/share-call';
import { iterateSpreadCopy } from './typescript/spread-copy';
import { takeListenerOff } from './typescript/take-listener-off';
import { updateAtomically } from './typescript/update-atomically';
import { useAtomics } from './typescript/use-atomics';
import { useFreshValue } from './typescript/use-fresh-value';

const FIXES: { readonly [K in FixKind]: Fix<K> } = {
  'use-pool-with': usePoolWith,
  'shut-pool-down': shutPoolDown,
  'read-results': readResults,
  'ask-futures': askFutures,
  'log-failure': logFailure,
  'join-after-loop': joinAfterLoop,
  'join-after-reading': joinAfterReading,
  'join-if-alive': joinIfAlive,
  'join-unless-own': joinUnlessOwn,
  'close-and-join': closeAndJoin,
  'make-daemon': makeDaemon,
  'move-to-module': moveToModule,
  'add-reduce': addReduce,
  'bound-queue': boundQueue,
  'use-processes': useProcesses,
  'end-in-close': endInClose,
  'reap-child': reapChild,
  'call-start': callStart,
  'pass-target': passTarget,
  'make-tuple': makeTuple,
  'place-target': placeTarget,
  'start-thread': startThread,
  'set-daemon-first': setDaemonFirst,
  'add-main-guard': addMainGuard,
  'check-again': checkAgain,
  'guard-place': guardPlace,
  'make-lock-early': makeLockEarly,
  'compute-once': computeOnce,
  'hand-out-copy': handOutCopy,
  'hold-value-lock': holdValueLock,
  'set-default': setDefault,
  'hold-lock': holdLock,
  'hoist-await': hoistAwait,
  'swap-locks': swapLocks,
  'use-with': useWith,
  'use-with-on-exits': useWithOnExits,
  'release-in-finally': (intent, context) => releaseInFinally(intent, context) ?? releaseInFinallyBlock(intent, context),
  'release-on-error': releaseOnError,
  'wait-in-loop': waitInLoop,
  'notify-all': notifyAll,
  'after-lock': afterLock,
  'clear-event-first': clearEventFirst,
  'wait-instead': waitInstead,
  'pause-in-loop': pauseInLoop,
  'make-reentrant': makeReentrant,
  'hold-condition': holdCondition,
  'await-call': (intent, context) => awaitCall(intent, context) ?? awaitCoroutine(intent, context),
  'return-promise': returnPromise,
  'await-all': awaitAll,
  'await-each': awaitEach,
  'await-sleep': awaitSleep,
  'run-in-thread': runInThread,
  'wrap-future': wrapFuture,
  'keep-task': keepTask,
  'cross-to-loop': crossToLoop,
  'iterate-copy': (intent, context) => iterateCopy(intent, context) ?? iterateSpreadCopy(intent, context),
  'one-at-a-time': oneAtATime,
  'use-asyncio-lock': useAsyncioLock,
  'settle-future': settleFuture,
  'log-gathered': logGathered,
  'await-in-place': awaitInPlace,
  'use-promise-version': usePromiseVersion,
  'clear-timeout': clearTimeoutAfterRace,
  'limit-concurrency': limitConcurrency,
  'share-call': shareCall,
  'drop-late-answer': dropLateAnswer,
  'use-atomics': useAtomics,
  'use-fresh-value': useFreshValue,
  'run-exclusive': runExclusive,
  'forget-failure': forgetFailure,
  'end-with-owner': endWithOwner,
  'catch-in-handler': catchInHandler,
  'catch-promise': catchPromise,
  'update-atomically': updateAtomically,
  'take-listener-off': takeListenerOff,
  'catch-elsewhere': catchElsewhere,
  'listen-for-error': listenForError,
};

/** What an intent comes to in the texts as they are; undefined where it cannot be carried out without harm. */
export function planOf(intent: FixIntent, context: FixContext): FixPlan | undefined {
  const fix = FIXES[intent.kind] as (intent: FixIntent, context: FixContext) => FixPlan | undefined;
  const plan = fix(intent, context);
  return plan && plan.edits.length > 0 ? plan : undefined;
}
