// Registry: all rules. A new rule is a file beside this one, a line here, a page in glossary/rules and a fixture.
import { coroutineNeverAwaited } from './coroutine-never-awaited';
import { exceptionDoesNotUnpickle } from './exception-does-not-unpickle';
import { lockLostOnHandover } from './lock-lost-on-handover';
import { lockNotReleased } from './lock-not-released';
import { lockOrderInversion } from './lock-order-inversion';
import { lostJobException } from './lost-job-exception';
import { missingMainGuard } from './missing-main-guard';
import { poolJobWaitsForOwnPool } from './pool-job-waits-for-own-pool';
import { poolNeverShutDown } from './pool-never-shut-down';
import { releaseWithoutHolding } from './release-without-holding';
import type { Rule } from './rule';
import { sharedMemoryNeverUnlinked } from './shared-memory-never-unlinked';
import { staleReadAcrossAwait } from './stale-read-across-await';
import { startMethodSetAtImport } from './start-method-set-at-import';
import { taskNotKept } from './task-not-kept';
import { threadNeverEnds } from './thread-never-ends';
import { threadOutlivesClose } from './thread-outlives-close';
import { timerNeverCancelled } from './timer-never-cancelled';
import { unguardedSharedState } from './unguarded-shared-state';
import { unpicklableArgument } from './unpicklable-argument';
import { unpicklableProcessField } from './unpicklable-process-field';
import { unpicklableResult } from './unpicklable-result';

export const RULES: readonly Rule[] = [
  coroutineNeverAwaited,
  exceptionDoesNotUnpickle,
  lockLostOnHandover,
  lockNotReleased,
  lockOrderInversion,
  lostJobException,
  missingMainGuard,
  poolJobWaitsForOwnPool,
  poolNeverShutDown,
  releaseWithoutHolding,
  sharedMemoryNeverUnlinked,
  staleReadAcrossAwait,
  startMethodSetAtImport,
  taskNotKept,
  threadNeverEnds,
  threadOutlivesClose,
  timerNeverCancelled,
  unguardedSharedState,
  unpicklableArgument,
  unpicklableProcessField,
  unpicklableResult,
];
