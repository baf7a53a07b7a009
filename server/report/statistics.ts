// Statistics: how often each rule speaks, and how much of that can be fixed.
import type { Severity } from '../rules/finding';
import type { FixSafety } from '../rules/fix-intent';
import { groupBy } from '../summary/grouping';
import { paletteOf, type TextOptions } from './plain-text';
import type { ReportedFinding } from './reported-finding';
import { tableLines } from './text-table';

export interface RuleCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
  /** How many of them have a fix that can be applied in bulk. */
  readonly fixable: number;
}

const IN_BULK: readonly FixSafety[] = ['safe', 'suggestion'];

/** A count for each rule that found something, the highest first; a rule that has two severities by configuration is there twice. */
export function statisticsOf(findings: readonly ReportedFinding[]): RuleCount[] {
  return [...groupBy(findings, ({ rule, severity }) => `${rule} ${severity}`).values()]
    .map((found) => ({
      rule: found[0].rule,
      severity: found[0].severity,
      count: found.length,
      fixable: found.filter(({ fixes }) => fixes.some(({ safety }) => IN_BULK.includes(safety))).length,
    }))
    .sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

/** The same as a table; '' where there is nothing to count. */
export function renderStatisticsText(findings: readonly ReportedFinding[], options: TextOptions = {}): string {
  const { severity, faint } = paletteOf(options.color);
  const rows = statisticsOf(findings).map((each) => [String(each.count), severity[each.severity](each.severity), each.rule, String(each.fixable || '')]);
  if (rows.length === 0) return '';
  const head = ['count', 'severity', 'rule', 'fixable'].map(faint);
  return `${tableLines([head, ...rows], { numbers: [0, 3] }).join('\n')}\n\n`;
}
