// The report on the analysis side: what the editor's configuration leaves of it, as a page or as a file's text.
import { withFindings } from '../report/build-report';
import { lineReader } from '../report/source-text';
import { nameOf } from '../workspace/file-system';
import type { Snapshot } from '../workspace/snapshot';
import type { AnalysisRequests } from './analysis-channel';
import { type AnswerContext, configured } from './answer-context';
import type { ReportSource } from './engine';

/** The page of the editor's view. */
export function pageOf(context: AnswerContext, { nonce, contentSecuritySource }: AnalysisRequests['report']['parameters'], snapshot: Snapshot): string {
  return context.engine.renderReport({ ...sourceOf(context, snapshot), nonce, contentSecuritySource });
}

/** The text of a file in a format. */
export function fileOf(context: AnswerContext, { format, version }: AnalysisRequests['exportReport']['parameters'], snapshot: Snapshot): Promise<string> {
  return context.engine.exportReport({ ...sourceOf(context, snapshot), format, version }, context.assets);
}

function sourceOf(context: AnswerContext, snapshot: Snapshot): ReportSource {
  const { files, folders } = context;
  const whole = snapshot.report();
  const counted = { ...whole, counts: { ...whole.counts, leftOut: files.leftOut } };
  const { change, known } = context.configuration.known.in(snapshot);
  const told = whole.findings.flatMap((finding) => configured(context, [finding]).map((shown) => ({ shown, isKnown: known.has(finding) })));
  const findings = told.map(({ shown }) => shown);
  const compared = change && {
    since: change.since.map(nameOf).join(', '),
    fresh: [...told.keys()].filter((index) => !told[index].isKnown),
    known: told.filter(({ isKnown }) => isKnown).length,
    gone: change.gone,
  };
  const report = withFindings({ ...counted, ...(compared && { change: compared }) }, { findings, skipped: [...whole.skipped, ...files.skipped] });
  return { report, folders, lineOf: lineReader((file) => snapshot.text(file)) };
}
