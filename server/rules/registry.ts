// Registry: all rules. A new rule is a file beside this one, a line here, a page in glossary/rules and a fixture.

import { additionsLostInFlush } from './additions-lost-in-flush';
import { argumentChangedInChild } from './argument-changed-in-child';
import { asyncLoopNotAwaited } from './async-loop-not-awaited';
import { atomicsWaitOnEventLoop } from './atomics-wait-on-event-loop';
import { atomicsWaitWithoutLoop } from './atomics-wait-without-loop';
import { awaitedTooLate } from './awaited-too-late';
import { blockingCallInCoroutine } from './blocking-call-in-coroutine';
import { blockingCallWhileServing } from './blocking-call-while-serving';
import { bufferUsedAfterTransfer } from './buffer-used-after-transfer';
import { busyFlagLeftSet } from './busy-flag-left-set';
import { busyWait } from './busy-wait';
import { callStateInField } from './call-state-in-field';
import { callbackPromiseDropped } from './callback-promise-dropped';
import { changeLostInChild } from './change-lost-in-child';
import { changeUnseenByChild } from './change-unseen-by-child';
import { changedWhileIterated } from './changed-while-iterated';
import { checkNotRepeated } from './check-not-repeated';
import { checkThenAct } from './check-then-act';
import { childNeverReaped } from './child-never-reaped';
import { cleanupAfterRestart } from './cleanup-after-restart';
import { clearedDuringAwait } from './cleared-during-await';
import { closableNeverClosed } from './closable-never-closed';
import { collectionChangedWhileAwaiting } from './collection-changed-while-awaiting';
import { concurrentFutureAwaited } from './concurrent-future-awaited';
import { conditionUsedWithoutLock } from './condition-used-without-lock';
import { conditionWaitWithoutLoop } from './condition-wait-without-loop';
import { connectionUsedAfterFork } from './connection-used-after-fork';
import { coroutineNeverAwaited } from './coroutine-never-awaited';
import { cpuBoundThreads } from './cpu-bound-threads';
import { daemonSetAfterStart } from './daemon-set-after-start';
import { daemonWorkLostAtExit } from './daemon-work-lost-at-exit';
import { deadWorkerUnnoticed } from './dead-worker-unnoticed';
import { defaultSessionInThreads } from './default-session-in-threads';
import { doubleStart } from './double-start';
import { errorEventUnheard } from './error-event-unheard';
import { eventClearedTooLate } from './event-cleared-too-late';
import { eventLoopRunInsideAnother } from './event-loop-run-inside-another';
import { eventLoopTouchedFromThread } from './event-loop-touched-from-thread';
import { eventNeverCleared } from './event-never-cleared';
import { exceptionDoesNotUnpickle } from './exception-does-not-unpickle';
import { exceptionSwallowedInThread } from './exception-swallowed-in-thread';
import { exitListenerWaits } from './exit-listener-waits';
import { failedPromiseKept } from './failed-promise-kept';
import { forkWithThreads } from './fork-with-threads';
import { futureLeftUnset } from './future-left-unset';
import { gatheredExceptionsIgnored } from './gathered-exceptions-ignored';
import { globalMissingInChild } from './global-missing-in-child';
import { globalStateOverride } from './global-state-override';
import { guardAnnotationBroken } from './guard-annotation-broken';
import { guardAnnotationUnknown } from './guard-annotation-unknown';
import { guardedStateHandedOut } from './guarded-state-handed-out';
import { handlerRejectionUnseen } from './handler-rejection-unseen';
import { instanceLockForClassState } from './instance-lock-for-class-state';
import { intervalOverlapsItself } from './interval-overlaps-itself';
import { itemRequeuedInASpin } from './item-requeued-in-a-spin';
import { joinBeforeDrain } from './join-before-drain';
import { joinInStartLoop } from './join-in-start-loop';
import { joinUnderLock } from './join-under-lock';
import { joinWithoutTaskDone } from './join-without-task-done';
import { joinedBeforeStarted } from './joined-before-started';
import { leftRunningOnError } from './left-running-on-error';
import { listenerLeftByCall } from './listener-left-by-call';
import { listenerOutlivesClose } from './listener-outlives-close';
import { listensTooLate } from './listens-too-late';
import { lockHeldAcrossSlowWork } from './lock-held-across-slow-work';
import { lockInFinalizer } from './lock-in-finalizer';
import { lockInSignalHandler } from './lock-in-signal-handler';
import { lockLostOnHandover } from './lock-lost-on-handover';
import { lockMadeLate } from './lock-made-late';
import { lockNotReleased } from './lock-not-released';
import { lockNotShared } from './lock-not-shared';
import { lockOrderInversion } from './lock-order-inversion';
import { lockOutlivesConnection } from './lock-outlives-connection';
import { lockTakenTwice } from './lock-taken-twice';
import { locksInCallersOrder } from './locks-in-callers-order';
import { loggingInLogHandler } from './logging-in-log-handler';
import { lostJobException } from './lost-job-exception';
import { lostNestedChange } from './lost-nested-change';
import { manyTinyItems } from './many-tiny-items';
import { messageLostAsJson } from './message-lost-as-json';
import { methodsLostInMessage } from './methods-lost-in-message';
import { missingMainGuard } from './missing-main-guard';
import { noEventLoopInThread } from './no-event-loop-in-thread';
import { notifyWakesTooFew } from './notify-wakes-too-few';
import { numberReadBack } from './number-read-back';
import { objectNotThreadSafe } from './object-not-thread-safe';
import { oldValuePutBack } from './old-value-put-back';
import { overlappingReplacement } from './overlapping-replacement';
import { pipeReadAfterWait } from './pipe-read-after-wait';
import { plainSharedMemoryAccess } from './plain-shared-memory-access';
import { poolJobWaitsForOwnPool } from './pool-job-waits-for-own-pool';
import { poolNeverShutDown } from './pool-never-shut-down';
import { poolWorkCutShort } from './pool-work-cut-short';
import { printFromSeveralThreads } from './print-from-several-threads';
import { processWideOverride } from './process-wide-override';
import { promiseEscapesTry } from './promise-escapes-try';
import { promiseLeftPending } from './promise-left-pending';
import { promiseMissingFromChain } from './promise-missing-from-chain';
import { promiseTakenForTruth } from './promise-taken-for-truth';
import { proxyOutlivesManager } from './proxy-outlives-manager';
import { publishedBeforeWritten } from './published-before-written';
import { queueEmptyTrusted } from './queue-empty-trusted';
import { racyCachedProperty } from './racy-cached-property';
import { rejectionCopied } from './rejection-copied';
import { releaseWithoutHolding } from './release-without-holding';
import { removalOfAnotherListener } from './removal-of-another-listener';
import { replacedWhileRunning } from './replaced-while-running';
import { requestsLeftUnanswered } from './requests-left-unanswered';
import { requiredLockNotHeld } from './required-lock-not-held';
import { resourceOutlivesClose } from './resource-outlives-close';
import { retryWithoutPause } from './retry-without-pause';
import { revivedAfterClose } from './revived-after-close';
import type { Rule } from './rule';
import { runInsteadOfStart } from './run-instead-of-start';
import { secondConnectionInTransaction } from './second-connection-in-transaction';
import { serverLeftServing } from './server-left-serving';
import { sessionNeverClosed } from './session-never-closed';
import { sharedGenerator } from './shared-generator';
import { sharedMemoryNeverUnlinked } from './shared-memory-never-unlinked';
import { sharedValueUpdate } from './shared-value-update';
import { sleepAsSynchronisation } from './sleep-as-synchronisation';
import { slowLockInCoroutine } from './slow-lock-in-coroutine';
import { splitAtomicUpdate } from './split-atomic-update';
import { splitCriticalSection } from './split-critical-section';
import { staleCopySaved } from './stale-copy-saved';
import { staleReadAcrossAwait } from './stale-read-across-await';
import { staleResponseStored } from './stale-response-stored';
import { staleStateSetBack } from './stale-state-set-back';
import { startMethodSetAtImport } from './start-method-set-at-import';
import { startedBeforeInitialised } from './started-before-initialised';
import { stopLeavesThreadWaiting } from './stop-leaves-thread-waiting';
import { targetCalledNotPassed } from './target-called-not-passed';
import { taskDoneSkipped } from './task-done-skipped';
import { taskLockPerCall } from './task-lock-per-call';
import { taskNotKept } from './task-not-kept';
import { terminatedWhileSharing } from './terminated-while-sharing';
import { threadFailureUnseen } from './thread-failure-unseen';
import { threadJoinsItself } from './thread-joins-itself';
import { threadLockAcrossAwait } from './thread-lock-across-await';
import { threadNeverEnds } from './thread-never-ends';
import { threadNeverStarted } from './thread-never-started';
import { threadOutlivesClose } from './thread-outlives-close';
import { threadPrimitiveBetweenProcesses } from './thread-primitive-between-processes';
import { threadPrimitiveHandedToProcess } from './thread-primitive-handed-to-process';
import { threadStartedTwice } from './thread-started-twice';
import { thrownFromTimer } from './thrown-from-timer';
import { timeoutLeftRunning } from './timeout-left-running';
import { timerNeverCancelled } from './timer-never-cancelled';
import { timerOutlivesClose } from './timer-outlives-close';
import { unboundedFanOut } from './unbounded-fan-out';
import { unboundedQueue } from './unbounded-queue';
import { unboundedStarts } from './unbounded-starts';
import { uncloneableMessage } from './uncloneable-message';
import { unguardedSharedState } from './unguarded-shared-state';
import { unguardedSwap } from './unguarded-swap';
import { unpicklableArgument } from './unpicklable-argument';
import { unpicklableProcessField } from './unpicklable-process-field';
import { unpicklableResult } from './unpicklable-result';
import { unpicklingFromStrangers } from './unpickling-from-strangers';
import { waiterNeverRemoved } from './waiter-never-removed';
import { waiterReplaced } from './waiter-replaced';
import { waitsForOwnEventLoop } from './waits-for-own-event-loop';
import { waitsForOwnPromise } from './waits-for-own-promise';
import { workNotAwaited } from './work-not-awaited';
import { workOutlivesPromiseAll } from './work-outlives-promise-all';
import { writtenFileUsedTooSoon } from './written-file-used-too-soon';
import { wrongThreadArguments } from './wrong-thread-arguments';

export const RULES: readonly Rule[] = [
  additionsLostInFlush,
  argumentChangedInChild,
  asyncLoopNotAwaited,
  atomicsWaitOnEventLoop,
  atomicsWaitWithoutLoop,
  awaitedTooLate,
  blockingCallInCoroutine,
  blockingCallWhileServing,
  bufferUsedAfterTransfer,
  busyFlagLeftSet,
  busyWait,
  callbackPromiseDropped,
  callStateInField,
  changedWhileIterated,
  changeLostInChild,
  changeUnseenByChild,
  checkNotRepeated,
  checkThenAct,
  childNeverReaped,
  cleanupAfterRestart,
  clearedDuringAwait,
  closableNeverClosed,
  collectionChangedWhileAwaiting,
  concurrentFutureAwaited,
  conditionUsedWithoutLock,
  conditionWaitWithoutLoop,
  connectionUsedAfterFork,
  coroutineNeverAwaited,
  cpuBoundThreads,
  daemonSetAfterStart,
  daemonWorkLostAtExit,
  deadWorkerUnnoticed,
  defaultSessionInThreads,
  doubleStart,
  errorEventUnheard,
  eventClearedTooLate,
  eventLoopRunInsideAnother,
  eventLoopTouchedFromThread,
  eventNeverCleared,
  exceptionDoesNotUnpickle,
  exceptionSwallowedInThread,
  exitListenerWaits,
  failedPromiseKept,
  forkWithThreads,
  futureLeftUnset,
  gatheredExceptionsIgnored,
  globalMissingInChild,
  globalStateOverride,
  guardAnnotationBroken,
  guardAnnotationUnknown,
  guardedStateHandedOut,
  handlerRejectionUnseen,
  instanceLockForClassState,
  intervalOverlapsItself,
  itemRequeuedInASpin,
  joinBeforeDrain,
  joinedBeforeStarted,
  joinInStartLoop,
  joinUnderLock,
  joinWithoutTaskDone,
  leftRunningOnError,
  listenerLeftByCall,
  listenerOutlivesClose,
  listensTooLate,
  lockHeldAcrossSlowWork,
  lockInFinalizer,
  lockInSignalHandler,
  lockLostOnHandover,
  lockMadeLate,
  lockNotReleased,
  lockNotShared,
  lockOrderInversion,
  lockOutlivesConnection,
  locksInCallersOrder,
  lockTakenTwice,
  loggingInLogHandler,
  lostJobException,
  lostNestedChange,
  manyTinyItems,
  messageLostAsJson,
  methodsLostInMessage,
  missingMainGuard,
  noEventLoopInThread,
  notifyWakesTooFew,
  numberReadBack,
  objectNotThreadSafe,
  oldValuePutBack,
  overlappingReplacement,
  pipeReadAfterWait,
  plainSharedMemoryAccess,
  poolJobWaitsForOwnPool,
  poolNeverShutDown,
  poolWorkCutShort,
  printFromSeveralThreads,
  processWideOverride,
  promiseEscapesTry,
  promiseLeftPending,
  promiseMissingFromChain,
  promiseTakenForTruth,
  proxyOutlivesManager,
  publishedBeforeWritten,
  queueEmptyTrusted,
  racyCachedProperty,
  rejectionCopied,
  releaseWithoutHolding,
  removalOfAnotherListener,
  replacedWhileRunning,
  requestsLeftUnanswered,
  requiredLockNotHeld,
  resourceOutlivesClose,
  retryWithoutPause,
  revivedAfterClose,
  runInsteadOfStart,
  secondConnectionInTransaction,
  serverLeftServing,
  sessionNeverClosed,
  sharedGenerator,
  sharedMemoryNeverUnlinked,
  sharedValueUpdate,
  sleepAsSynchronisation,
  slowLockInCoroutine,
  splitAtomicUpdate,
  splitCriticalSection,
  staleCopySaved,
  staleReadAcrossAwait,
  staleResponseStored,
  staleStateSetBack,
  startedBeforeInitialised,
  startMethodSetAtImport,
  stopLeavesThreadWaiting,
  targetCalledNotPassed,
  taskDoneSkipped,
  taskLockPerCall,
  taskNotKept,
  terminatedWhileSharing,
  threadFailureUnseen,
  threadJoinsItself,
  threadLockAcrossAwait,
  threadNeverEnds,
  threadNeverStarted,
  threadOutlivesClose,
  threadPrimitiveBetweenProcesses,
  threadPrimitiveHandedToProcess,
  threadStartedTwice,
  thrownFromTimer,
  timeoutLeftRunning,
  timerNeverCancelled,
  timerOutlivesClose,
  unboundedFanOut,
  unboundedQueue,
  unboundedStarts,
  uncloneableMessage,
  unguardedSharedState,
  unguardedSwap,
  unpicklableArgument,
  unpicklableProcessField,
  unpicklableResult,
  unpicklingFromStrangers,
  waiterNeverRemoved,
  waiterReplaced,
  waitsForOwnEventLoop,
  waitsForOwnPromise,
  workNotAwaited,
  workOutlivesPromiseAll,
  writtenFileUsedTooSoon,
  wrongThreadArguments,
];
