// Registry: all rules. A new rule is a file beside this one, a line here, a page in glossary/rules and a fixture.
import { lockOrderInversion } from './lock-order-inversion';
import { missingMainGuard } from './missing-main-guard';
import type { Rule } from './rule';
import { staleReadAcrossAwait } from './stale-read-across-await';
import { unguardedSharedState } from './unguarded-shared-state';

export const RULES: readonly Rule[] = [lockOrderInversion, missingMainGuard, staleReadAcrossAwait, unguardedSharedState];
