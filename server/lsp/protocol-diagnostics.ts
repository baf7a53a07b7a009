// From findings to the protocol's diagnostics, with the fixes as ready edits in their data.
import { type Diagnostic, DiagnosticSeverity, type Location, type Range as ProtocolRange, type TextEdit } from 'vscode-languageserver';
import type { Range, ReportedFinding } from '../report/reported-finding';
import type { Severity } from '../rules/finding';
import type { FixSafety } from '../rules/fix-intent';
import { hashText } from '../text/hash';
import type { FileFindings } from './analysis-channel';
import { keyOfFinding } from './host-fixes';

/** What a client gives back with a diagnostic when it asks for code actions. */
export interface DiagnosticData {
  /** The result that the diagnostic was part of. */
  readonly result: string;
  /** Versions of the open documents that the fixes were computed on, by file id. */
  readonly versions: Readonly<Record<string, number>>;
  /** Which finding it is, among those of the analysis. */
  readonly finding: string;
  readonly fixes: readonly DataFix[];
  /** How it goes wrong step by step, for a client that can show it. */
  readonly schedule?: DataSchedule;
}

export interface DataFix {
  readonly title: string;
  readonly safety: FixSafety;
  readonly edits: readonly { readonly file: string; readonly edit: TextEdit }[];
}

export interface DataSchedule {
  /** Who the one or two are. */
  readonly sides: readonly string[];
  readonly steps: readonly (Location & { readonly side: number; readonly does: string })[];
  readonly outcome: string;
}

/** Diagnostics of one file and their id: equal for equal diagnostics, whatever the document's version. */
export interface DiagnosticResult {
  readonly id: string;
  readonly items: Diagnostic[];
  readonly versions: Readonly<Record<string, number>>;
}

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Tells where the client finds a range of a file; undefined where it does not show it. */
export type Locate = (file: string, range: ProtocolRange) => Location | undefined;

/** What a client is told about `uri`, one of the documents that the file is shown as; schedules are for our own client. */
export function toDiagnostics(uri: string, { findings, versions }: FileFindings, locate: Locate, withSchedules: boolean): DiagnosticResult {
  const parts = findings.flatMap((finding) => {
    const at = locate(finding.file, toRange(finding.range));
    if (at?.uri !== uri) return [];
    const schedule = withSchedules ? toSchedule(finding, locate) : undefined;
    return { diagnostic: toDiagnostic(finding, at.range, locate), finding: keyOfFinding(finding), fixes: toFixes(finding), ...(schedule && { schedule }) };
  });
  const id = hashText(JSON.stringify([uri, parts]));
  const items = parts.map(({ diagnostic, ...rest }) => {
    const data: DiagnosticData = { result: id, versions, ...rest };
    return { ...diagnostic, data };
  });
  return { id, items, versions };
}

function toDiagnostic(finding: ReportedFinding, range: ProtocolRange, locate: Locate): Diagnostic {
  return {
    range,
    severity: SEVERITY[finding.severity],
    code: finding.rule,
    source: 'lockset',
    message: finding.message,
    relatedInformation: finding.related.flatMap(({ file, range: place, message }) => {
      const location = locate(file, toRange(place));
      return location ? { location: { uri: location.uri, range: location.range }, message } : [];
    }),
  };
}

function toSchedule({ interleaving }: ReportedFinding, locate: Locate): DataSchedule | undefined {
  if (!interleaving) return undefined;
  const steps = interleaving.steps.flatMap(({ file, range, side, does }) => {
    const location = locate(file, toRange(range));
    return location ? { uri: location.uri, range: location.range, side, does } : [];
  });
  return { sides: interleaving.sides, steps, outcome: interleaving.outcome };
}

function toFixes(finding: ReportedFinding): DataFix[] {
  return finding.fixes.map(({ title, safety, edits }) => ({
    title,
    safety,
    edits: edits.map(({ file, range, newText }) => ({ file, edit: { range: toRange(range), newText } })),
  }));
}

/** Both count UTF-16 units from 0; only the names differ. */
export function toRange(range: Range): ProtocolRange {
  return {
    start: { line: range.start.line, character: range.start.column },
    end: { line: range.end.line, character: range.end.column },
  };
}

/** The data of a diagnostic that came back from a client; undefined when it is not what was sent. */
export function readData(diagnostic: Pick<Diagnostic, 'data'>): DiagnosticData | undefined {
  const data = diagnostic.data as Partial<DiagnosticData> | null | undefined;
  if (typeof data !== 'object' || data === null) return undefined;
  if (
    typeof data.result !== 'string' ||
    typeof data.finding !== 'string' ||
    typeof data.versions !== 'object' ||
    data.versions === null ||
    !Array.isArray(data.fixes)
  )
    return undefined;
  const isFix = (fix: Partial<DataFix> | null) =>
    typeof fix?.title === 'string' &&
    Array.isArray(fix.edits) &&
    fix.edits.every((edit: unknown) => typeof (edit as { file?: unknown } | null)?.file === 'string');
  return data.fixes.every(isFix) && isSchedule(data.schedule) ? (data as DiagnosticData) : undefined;
}

function isSchedule(schedule: Partial<DataSchedule> | null | undefined): boolean {
  if (schedule === undefined) return true;
  return (
    Array.isArray(schedule?.sides) &&
    Array.isArray(schedule.steps) &&
    schedule.steps.every((step: Partial<DataSchedule['steps'][number]> | null) => typeof step?.uri === 'string')
  );
}
