// What `lockset check` can be asked for.
import type { Severity } from '../rules/finding';
import type { CheckFormat } from './check-formats';
import type { ResultOptions } from './run-options';
import { CannotRun } from './terminal';

export interface CheckOptions extends ResultOptions {
  readonly format: CheckFormat;
  readonly minSeverity: Severity;
  /** Whether text shows excerpts and schedules; where nothing is said, on a terminal. */
  readonly full?: boolean;
  /** Count by rule instead of listing findings. */
  readonly statistics?: boolean;
  /** Apply safe fixes. */
  readonly fix?: boolean;
  /** Apply suggestions, too. */
  readonly fixSuggestions?: boolean;
  /** Print what would be changed instead. */
  readonly diff?: boolean;
  /** Stay, and tell what changes. */
  readonly watch?: boolean;
}

/** Options that cannot be asked for together: each of the first with any of its others. */
const CONTRADICTIONS: readonly (readonly [keyof CheckOptions, readonly (keyof CheckOptions)[]])[] = [
  ['watch', ['fix', 'fixSuggestions', 'diff', 'output', 'statistics', 'stdinFilename', 'updateBaseline', 'diffBase']],
  ['diffBase', ['fix', 'fixSuggestions', 'diff']],
  ['diff', ['output', 'statistics']],
  ['updateBaseline', ['fix', 'fixSuggestions', 'diff', 'stdinFilename']],
];

/** Throws `CannotRun` where options contradict each other. */
export function refuseContradictions(options: CheckOptions): void {
  for (const [one, others] of CONTRADICTIONS) {
    const other = options[one] ? others.find((each) => options[each]) : undefined;
    if (other) throw new CannotRun(`${flag(one)} and ${flag(other)} do not go together`);
  }
  if (options.watch && options.format !== 'text') throw new CannotRun('--watch prints text only');
  if (options.updateBaseline && options.baseline === false) throw new CannotRun('--update-baseline and --no-baseline do not go together');
}

function flag(option: keyof CheckOptions): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
