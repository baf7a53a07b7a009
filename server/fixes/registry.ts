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
import { handOutCopy } from './python/hand-out-copy';
import { holdCondition } from './python/hold-condition';
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
  'add-main-guard': addMainGuard,
  'add-reduce': addReduce,
  'after-lock': afterLock,
  'ask-futures': askFutures,
  'await-all': awaitAll,
  'await-call': (intent, context) => awaitCall(intent, context) ?? awaitCoroutine(intent, context),
  'await-each': awaitEach,
  'await-in-place': awaitInPlace,
  'await-sleep': awaitSleep,
  'bound-queue': boundQueue,
  'call-start': callStart,
  'catch-elsewhere': catchElsewhere,
  'catch-in-handler': catchInHandler,
  'catch-promise': catchPromise,
  'check-again': checkAgain,
  'clear-event-first': clearEventFirst,
  'clear-timeout': clearTimeoutAfterRace,
  'close-and-join': closeAndJoin,
  'compute-once': computeOnce,
  'cross-to-loop': crossToLoop,
  'drop-late-answer': dropLateAnswer,
  'end-in-close': endInClose,
  'end-with-owner': endWithOwner,
  'forget-failure': forgetFailure,
  'guard-place': guardPlace,
  'hand-out-copy': handOutCopy,
  'hoist-await': hoistAwait,
  'hold-condition': holdCondition,
  'hold-lock': holdLock,
  'hold-value-lock': holdValueLock,
  'iterate-copy': (intent, context) => iterateCopy(intent, context) ?? iterateSpreadCopy(intent, context),
  'join-after-loop': joinAfterLoop,
  'join-after-reading': joinAfterReading,
  'join-if-alive': joinIfAlive,
  'join-unless-own': joinUnlessOwn,
  'keep-task': keepTask,
  'limit-concurrency': limitConcurrency,
  'listen-for-error': listenForError,
  'log-failure': logFailure,
  'log-gathered': logGathered,
  'make-daemon': makeDaemon,
  'make-lock-early': makeLockEarly,
  'make-reentrant': makeReentrant,
  'make-tuple': makeTuple,
  'move-to-module': moveToModule,
  'notify-all': notifyAll,
  'one-at-a-time': oneAtATime,
  'pass-target': passTarget,
  'pause-in-loop': pauseInLoop,
  'place-target': placeTarget,
  'read-results': readResults,
  'reap-child': reapChild,
  'release-in-finally': (intent, context) => releaseInFinally(intent, context) ?? releaseInFinallyBlock(intent, context),
  'release-on-error': releaseOnError,
  'return-promise': returnPromise,
  'run-exclusive': runExclusive,
  'run-in-thread': runInThread,
  'set-daemon-first': setDaemonFirst,
  'set-default': setDefault,
  'settle-future': settleFuture,
  'share-call': shareCall,
  'shut-pool-down': shutPoolDown,
  'start-thread': startThread,
  'swap-locks': swapLocks,
  'take-listener-off': takeListenerOff,
  'update-atomically': updateAtomically,
  'use-asyncio-lock': useAsyncioLock,
  'use-atomics': useAtomics,
  'use-fresh-value': useFreshValue,
  'use-pool-with': usePoolWith,
  'use-processes': useProcesses,
  'use-promise-version': usePromiseVersion,
  'use-with': useWith,
  'use-with-on-exits': useWithOnExits,
  'wait-in-loop': waitInLoop,
  'wait-instead': waitInstead,
  'wrap-future': wrapFuture,
};

/** What an intent comes to in the texts as they are; undefined where it cannot be carried out without harm. */
export function planOf(intent: FixIntent, context: FixContext): FixPlan | undefined {
  const fix = FIXES[intent.kind] as (intent: FixIntent, context: FixContext) => FixPlan | undefined;
  const plan = fix(intent, context);
  return plan && plan.edits.length > 0 ? plan : undefined;
}
