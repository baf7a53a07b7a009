// Surroundings: what the commands are given of the machine they run on, and what they end with.
import type { Severity } from '../rules/finding';
import { isAtLeast } from '../workspace/configuration-file';
import type { Engine } from './engine';
import type { Terminal } from './terminal';

/** 0: nothing to complain of; 1: findings; 2: it could not run. */
export type ExitStatus = 0 | 1 | 2;

/** 1 when one of the findings is at least as loud as `failOn`. */
export function statusOf(findings: readonly { readonly severity: Severity }[], failOn: Severity | 'never'): ExitStatus {
  return failOn !== 'never' && findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

export interface Surroundings {
  readonly terminal: Terminal;
  /** The folder of the files that the command line comes with. */
  readonly assets: string;
  /** Made when a command needs it. */
  readonly engine: () => Engine;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** All that standard input holds. */
  readonly input: () => Promise<Uint8Array>;
}
