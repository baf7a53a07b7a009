// Reporting a finding: from sites to positions in the text as it is now, and from fix intents to edits.
import type { FixContext, FixPlan } from '../fixes/fix';
import { planOf } from '../fixes/registry';
import type { Finding } from '../rules/finding';
import { FIX_KINDS, type FixIntent } from '../rules/fix-intent';
import type { FunctionKey } from '../summary/keys';
import { locate, type Site } from '../summary/locate';
import { shownName } from './report-input';
import type { ReportedEdit, ReportedFinding, ReportedFix } from './reported-finding';
import { rangeOf, type SourceText } from './source-text';

/** A finding as people see it. `severity` may be another than the rule's own, by configuration. */
export function reportFinding(finding: Finding, context: FixContext, sourceOf: (file: string) => SourceText, severity = finding.severity): ReportedFinding {
  const at = (site: Site) => {
    const { file, span } = locate(context.program, site);
    return { file, range: rangeOf(sourceOf(file), span) };
  };
  return {
    rule: finding.rule,
    family: finding.family,
    severity,
    confidence: Math.round(finding.confidence * 100) / 100,
    ...at(finding.site),
    symbol: symbolOf(finding.site.function),
    message: finding.message,
    related: finding.related.map(({ site, message }) => ({ ...at(site), message })),
    fixes: finding.fixes.flatMap((intent) => fixOf(intent, context, sourceOf) ?? []),
    ...(finding.interleaving && {
      interleaving: { ...finding.interleaving, steps: finding.interleaving.steps.map(({ site, ...step }) => ({ ...step, ...at(site) })) },
    }),
  };
}

function symbolOf(key: FunctionKey): string {
  const name = shownName(key);
  return name === 'module' ? '' : name;
}

function fixOf(intent: FixIntent, context: FixContext, sourceOf: (file: string) => SourceText): ReportedFix | undefined {
  const plan = planOf(intent, context);
  if (!plan) return undefined;
  return { kind: intent.kind, title: plan.title, safety: FIX_KINDS[intent.kind].safety, edits: reportEdits(plan, sourceOf) };
}

/** The edits of a plan, at positions instead of offsets. */
export function reportEdits(plan: FixPlan, sourceOf: (file: string) => SourceText): ReportedEdit[] {
  return plan.edits.map(({ file, span, newText }) => ({ file, range: rangeOf(sourceOf(file), span), newText }));
}
