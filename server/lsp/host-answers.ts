// Answers of the analysis side: from a snapshot that is up to date to what the protocol side asked for.
import { knownIdOf } from '../report/hover-code';
import type { Range, ReportedFinding } from '../report/reported-finding';
import { LineMap, type Position } from '../text/line-map';
import type { Snapshot } from '../workspace/snapshot';
import type { AnalysisMethod, AnalysisRequests, Annotation, FileFindings, HoverAnswer } from './analysis-channel';
import { type AnswerContext, configured, reported } from './answer-context';
import type { HoverQuestion } from './engine';
import { faultsOfFixes, repairedText } from './host-fixes';
import { fileOf, pageOf } from './host-report';
import type { CardResult } from './messages';

type Parameters<Method extends AnalysisMethod> = AnalysisRequests[Method]['parameters'];
type Handlers = {
  readonly [Method in AnalysisMethod]: (
    context: AnswerContext,
    parameters: Parameters<Method>,
    snapshot: Snapshot,
  ) => Answer<AnalysisRequests[Method]['result']>;
};
type Answer<Result> = Result | Promise<Result>;

/** Whether a question is about the program at all; most cards are not. */
export function needsAnalysis(method: AnalysisMethod, parameters: unknown): boolean {
  if (method === 'card') return knownIdOf((parameters as Parameters<'card'>).id) !== undefined;
  return method !== 'cards' && method !== 'configurationFile';
}

/** The answer to one question, or its promise. `snapshot` may be left out only where no analysis is needed. */
export function answerQuestion(context: AnswerContext, method: AnalysisMethod, parameters: unknown, snapshot: Snapshot | undefined): unknown {
  // The protocol side pairs methods with their parameters; the channel carries them untyped.
  const handler = HANDLERS[method] as (context: AnswerContext, parameters: unknown, snapshot: Snapshot | undefined) => unknown;
  return handler(context, parameters, snapshot);
}

const HANDLERS: Handlers = {
  findings: (context, { file }, snapshot) => findingsOf(context, file, snapshot),
  manyFindings: (context, { files }, snapshot) =>
    [...new Set(files ?? snapshot.findings().map(({ file }) => file))].map((file) => findingsOf(context, file, snapshot)),
  hover,
  explain: (_context, { file, line }, snapshot) => (snapshot.text(file) === undefined ? 'Lockset does not analyse this file.' : snapshot.explain(file, line)),
  report: pageOf,
  exportReport: fileOf,
  cardAt,
  card,
  cards: ({ engine, library }) => engine.cards(library),
  prove: (context, { file, finding }, snapshot) =>
    faultsOfFixes(findingsOf(context, file, snapshot).findings, finding, snapshot, context.workspace, context.cancellation),
  fixAll: (context, { file }, snapshot) => {
    const isReported = (finding: ReportedFinding) => configured(context, [finding]).length > 0;
    const text = repairedText(file, isReported, snapshot, context.workspace, context.cancellation);
    return { text, version: context.files.versionOf(file) };
  },
  annotation,
  configurationFile: async ({ configuration }, { file }) => (await configuration.fileFor(file)) ?? null,
};

function findingsOf(context: AnswerContext, file: string, snapshot: Snapshot): FileFindings {
  const { files } = context;
  const findings = reported(context, snapshot.findings(file), snapshot);
  const versions: Record<string, number> = {};
  for (const touched of [file, ...filesOfFixes(findings)]) {
    const version = files.versionOf(touched);
    if (version !== undefined) versions[touched] = version;
  }
  return { file, findings, versions };
}

function filesOfFixes(findings: readonly ReportedFinding[]): Set<string> {
  return new Set(findings.flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits.map(({ file }) => file))));
}

function hover(context: AnswerContext, place: Parameters<'hover'>, snapshot: Snapshot): HoverAnswer | null {
  const question = questionAt(context, place, snapshot);
  return (question && context.engine.hover(question)) ?? null;
}

function cardAt(context: AnswerContext, place: Parameters<'cardAt'>, snapshot: Snapshot): string | null {
  const question = questionAt(context, place, snapshot);
  return (question && context.engine.cardIdAt(question)) ?? null;
}

function questionAt(context: AnswerContext, { file, line, column }: Parameters<'hover'>, snapshot: Snapshot): HoverQuestion | undefined {
  const { library, withCommands, hoverKinds } = context;
  const text = snapshot.text(file);
  const module = snapshot.module(file);
  if (text === undefined || !module) return undefined;
  const offset = new LineMap(text).offsetAt({ line, column });
  const rules = findingsOf(context, file, snapshot)
    .findings.filter(({ range }) => isWithin({ line, column }, range))
    .map(({ rule }) => rule);
  return { module, text, offset, subject: snapshot.subjectAt(file, offset), rules, kinds: hoverKinds, library, withCommands };
}

function annotation({ files }: AnswerContext, { file, line, column }: Parameters<'annotation'>, snapshot: Snapshot): Annotation | null {
  const text = snapshot.text(file);
  const plan = text === undefined ? undefined : snapshot.annotation(file, new LineMap(text).offsetAt({ line, column }));
  return plan ? { ...plan, version: files.versionOf(file) } : null;
}

function isWithin({ line, column }: Position, { start, end }: Range): boolean {
  return (line > start.line || (line === start.line && column >= start.column)) && (line < end.line || (line === end.line && column <= end.column));
}

function card(context: AnswerContext, { id, page }: Parameters<'card'>, snapshot: Snapshot): CardResult | null {
  const { engine, library, folders, withCommands } = context;
  const knownId = knownIdOf(id);
  const known = knownId === undefined ? undefined : snapshot.known(knownId);
  // A page's script follows links whatever the client's hovers do.
  const links = withCommands || page !== undefined;
  const found = known ? engine.codeCard(known, folders.length === 1 ? folders[0] : undefined, links) : knownId === undefined && engine.card(id, library, links);
  if (!found) return null;
  return page ? { ...found, html: engine.renderCard(found, page) } : found;
}
