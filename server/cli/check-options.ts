// What `lockset check` can be asked for.
import type { Severity } from '../rules/finding';
import type { SharedOptions } from './run-options';

export interface CheckOptions extends SharedOptions {
  readonly format: 'text' | 'json';
  readonly failOn: Severity | 'never';
  readonly minSeverity: Severity;
  /** Apply safe fixes. */
  readonly fix?: boolean;
  /** Apply suggestions, too. */
  readonly fixSuggestions?: boolean;
  /** Print what would be changed instead. */
  readonly diff?: boolean;
}
