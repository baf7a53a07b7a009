// Reporting a finding: from sites to positions in the text as it is now, and from fix intents to edits.
import type { Finding } from '../rules/finding';
import { locate, type Site } from '../summary/locate';
import type { Program } from '../summary/program';
import { editsOf } from './fix-edits';
import type { ReportedFinding } from './reported-finding';
import { rangeOf, type SourceText } from './source-text';

/** A finding as people see it. `severity` may be another than the rule's own, by configuration. */
export function reportFinding(finding: Finding, program: Program, sourceOf: (file: string) => SourceText, severity = finding.severity): ReportedFinding {
  const at = (site: Site) => {
    const { file, span } = locate(program, site);
    return { file, range: rangeOf(sourceOf(file), span) };
  };
  return {
    rule: finding.rule,
    family: finding.family,
    severity,
    confidence: Math.round(finding.confidence * 100) / 100,
    ...at(finding.site),
    message: finding.message,
    related: finding.related.map(({ site, message }) => ({ ...at(site), message })),
    fixes: finding.fixes.flatMap((intent) => editsOf(intent, program, sourceOf) ?? []),
  };
}
