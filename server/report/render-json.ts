// JSON for programs: findings as `lockset check` prints them, and the workspace report; lines and columns from 1.
import type { Severity } from '../rules/finding';
import { displayPath } from './plain-text';
import { checksOf } from './report-checks';
import { relativeFiles } from './report-files';
import { summaryOf } from './report-summary';
import type { Range, ReportedFinding, ReportedFix } from './reported-finding';
import type { WorkspaceReport } from './workspace-report';

export interface JsonOptions {
  readonly version: string;
  readonly relativeTo?: string;
  /** The names by which findings are known again. */
  readonly fingerprints?: ReadonlyMap<ReportedFinding, string>;
}

export interface JsonFiles {
  readonly analysed: number;
  /** Tests and the like, which nobody asked for. */
  readonly exempt: number;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

const SCHEMA_VERSION = 1;

/** What `lockset check --format json` prints; `fixed` is what it has repaired, where it was asked to. */
export function findingsToJson(
  findings: readonly ReportedFinding[],
  files: JsonFiles,
  options: JsonOptions,
  fixed?: readonly { readonly finding: ReportedFinding; readonly fix: ReportedFix; readonly line: number }[],
): object {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'lockset', version: options.version },
    findings: findings.map((finding) => findingToJson(finding, options)),
    ...(fixed && {
      fixed: fixed.map(({ finding, fix, line }) => ({
        rule: finding.rule,
        file: displayPath(finding.file, options.relativeTo),
        line: line + 1,
        kind: fix.kind,
        title: fix.title,
      })),
    }),
    files: { ...files, skipped: files.skipped.map((each) => ({ ...each, file: displayPath(each.file, options.relativeTo) })) },
    summary: { findings: findings.length, errors: count('error'), warnings: count('warning'), information: count('information'), hints: count('hint') },
  };
}

/** What `lockset report --format json` prints: the report, and what can be counted out of it. */
export function reportToJson(report: WorkspaceReport, options: JsonOptions): object {
  const { findings, suppressed, ...facts } = report;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'lockset', version: options.version },
    summary: summaryOf(report, options.relativeTo),
    checklist: checksOf(report),
    ...(toJson(relativeFiles(facts, options.relativeTo)) as object),
    findings: findings.map((finding) => findingToJson(finding, options)),
    suppressed: suppressed.map((finding) => ({ ...findingToJson(finding, options), justification: finding.justification })),
  };
}

/** Data with its places as JSON has them. */
function toJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  const { file, range, ...rest } = value as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, toJson(each)]));
  if (typeof file !== 'string') return own;
  return range === undefined ? { file, ...own } : { ...placeToJson({ file, range: range as Range }, undefined), ...own };
}

function findingToJson(finding: ReportedFinding, { relativeTo: folder, fingerprints }: JsonOptions): object {
  const { rule, family, severity, confidence, symbol, message, interleaving } = finding;
  const fingerprint = fingerprints?.get(finding);
  return {
    rule,
    family,
    severity,
    confidence,
    ...placeToJson(finding, folder),
    symbol,
    ...(fingerprint !== undefined && { fingerprint }),
    message,
    related: finding.related.map((related) => ({ ...placeToJson(related, folder), message: related.message })),
    fixes: finding.fixes.map(({ kind, title, safety, edits }) => ({
      kind,
      title,
      safety,
      edits: edits.map((edit) => ({ ...placeToJson(edit, folder), newText: edit.newText })),
    })),
    ...(interleaving && { interleaving: toJson(relativeFiles(interleaving, folder)) }),
  };
}

function placeToJson(place: { readonly file: string; readonly range: Range }, folder: string | undefined): object {
  const { start, end } = place.range;
  return { file: displayPath(place.file, folder), line: start.line + 1, column: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
}
