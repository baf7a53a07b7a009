// Rule: the shape every rule has.
import type { Language } from '../model/module';
import type { Facts } from '../summary/facts';
import type { Family, Finding, Severity } from './finding';
import type { FixKind } from './fix-intent';

/**
 * What a rule is asked about, one at a time: a shared place, a cycle of locks, a function, a module. A rule is asked
 * again only about the subjects that a change concerns; so its answer may rest on that subject's facts alone.
 */
export type SubjectKind = 'cell' | 'cycle' | 'lock' | 'function' | 'module';

/** A cheap question about a subject, which may rest on what a rule's answer may rest on. */
export type Condition = (subject: string, facts: Facts) => boolean;

export interface Rule {
  readonly id: string;
  readonly family: Family;
  /** About modules, functions and places of other languages it is not asked; about locks and cycles it is. */
  readonly languages: readonly Language[];
  /** How loud it is at most; a single finding may be quieter. */
  readonly severity: Severity;
  readonly subject: SubjectKind;
  /** The kinds of quick fix that its findings may come with. */
  readonly fixes: readonly FixKind[];
  /**
   * What has to be so for it to find anything at all: a rule is asked only about subjects for which this holds. It is
   * worked out once for all rules that name the very same condition, and saves the many that have nothing to say.
   */
  readonly when?: Condition;
  /** The findings about one subject: a cell's or lock's key, a cycle's id, a function's key, or a file. */
  check(subject: string, facts: Facts): Iterable<Finding>;
}
