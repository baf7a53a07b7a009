// Rules in SARIF: what a rule's page says, in the places where viewers look for it.
import type { ReportingDescriptor, Result } from 'sarif';
import { type RulePage, ruleById } from '../../glossary/rules';
import type { Severity } from '../rules/finding';
import { renderCardText } from './card-text';
import { rulePage } from './hover-cards';

const LEVELS: Readonly<Record<Severity, Result.level>> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** How loud a finding is, in SARIF's three steps. */
export function levelOf(severity: Severity): Result.level {
  return LEVELS[severity];
}

/** A rule's page; for a rule without one its id alone. */
export function descriptorOf(id: string): ReportingDescriptor {
  const page = ruleById(id);
  if (!page) return { id };
  const markdown = rulePage(page, false);
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: page.title },
    fullDescription: { text: plainText(page.summary), markdown: page.summary },
    help: { text: plainText(markdown), markdown },
    defaultConfiguration: page.severity === 'off' ? { enabled: false } : { level: levelOf(page.severity as Severity) },
    properties: {
      tags: ['concurrency', page.family, ...page.languages],
      family: page.family,
      precision: precisionOf(page),
      'problem.severity': PROBLEM_SEVERITIES[page.severity] ?? 'recommendation',
    },
  };
}

/** Only rules that were seen to be right on real code are loud by default; so how loud one is says how precise it is. */
function precisionOf({ severity }: RulePage): string {
  if (severity === 'error' || severity === 'warning') return 'high';
  return severity === 'information' ? 'medium' : 'low';
}

/** GitHub's words. */
const PROBLEM_SEVERITIES: Readonly<Record<string, string>> = { error: 'error', warning: 'warning' };

/** Viewers break lines by themselves. */
function plainText(markdown: string): string {
  return renderCardText(markdown, { color: false, width: Number.POSITIVE_INFINITY }).trimEnd();
}
