// Rule: the shape every rule has.
import type { Language } from '../model/module';
import type { Facts } from '../summary/facts';
import type { Family, Finding, Severity } from './finding';

/**
 * What a rule is asked about, one at a time: a shared place, a cycle of locks, a function, a module. A rule is asked
 * again only about the subjects that a change concerns; so its answer may rest on that subject's facts alone.
 */
export type SubjectKind = 'cell' | 'cycle' | 'lock' | 'function' | 'module';

export interface Rule {
  readonly id: string;
  readonly family: Family;
  readonly languages: readonly Language[];
  /** How loud it is at most; a single finding may be quieter. */
  readonly severity: Severity;
  readonly subject: SubjectKind;
  /** Whether some of its findings come with a quick fix. */
  readonly repaired: boolean;
  /** The findings about one subject: a cell's or lock's key, a cycle's id, a function's key, or a file. */
  check(subject: string, facts: Facts): Iterable<Finding>;
}
