// Questions that a person asks: hover, the report, what is known of a line, and glossary cards.
import { type CancellationToken, type Hover, LSPErrorCodes, MarkupKind, ResponseError } from 'vscode-languageserver';
import { chooseTool } from '../report/choices';
import { AnalysisFailed, RequestCancelled } from './analysis-supervisor';
import {
  CARD,
  CARD_AT,
  CARDS,
  type CardAtParameters,
  type CardPage,
  type CardParameters,
  type CardResult,
  type CardsResult,
  CHOOSE,
  type ChooseParameters,
  type ChooseResult,
  CONFIGURATION_FILE,
  type ConfigurationFileParameters,
  type ConfigurationFileResult,
  EXPLAIN,
  EXPORT_REPORT,
  type ExplainParameters,
  type ExplainResult,
  type ExportReportParameters,
  type ExportReportResult,
  GO_ON_READING,
  LOCATE,
  type LocateParameters,
  REPORT,
  type ReportFileFormat,
  type ReportParameters,
  type ReportResult,
  RULE_OFF,
  type RuleOffParameters,
  type RuleOffResult,
  type ShownPlace,
  STOP_READING,
} from './messages';
import { toRange } from './protocol-diagnostics';
import { turnRuleOff } from './rule-off';
import type { Session } from './session';
import { uriOfId } from './uris';
import { VERSION } from './version';

/** Answers them; `revision` numbers the last analysis. */
export function answerQuestions(session: Session, revision: () => number): void {
  const { analysis, connection, documents } = session;
  connection.onHover(({ textDocument, position }, token) =>
    orRefuse(async (): Promise<Hover | null> => {
      const place = documents.placeOf(textDocument.uri, position);
      if (!place) return null;
      const { file } = place;
      const version = documents.get(file)?.version;
      const found = await analysis.ask('hover', { file, line: place.position.line, column: place.position.character }, token);
      if (documents.get(file)?.version !== version) throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');
      const range = found && documents.locate(file, toRange(found.range))?.range;
      return found && { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range: range ?? undefined };
    }),
  );
  connection.onRequest(REPORT, ({ nonce, contentSecuritySource, soFar }: ReportParameters, token: CancellationToken) =>
    orRefuse(async (): Promise<ReportResult> => {
      const page = { nonce: String(nonce), contentSecuritySource: String(contentSecuritySource), soFar: soFar === true };
      const html = await analysis.ask('report', page, token);
      return { html, revision: revision() };
    }),
  );
  connection.onRequest(EXPORT_REPORT, ({ format }: ExportReportParameters, token: CancellationToken) =>
    orRefuse(async (): Promise<ExportReportResult> => {
      if (!FILE_FORMATS.includes(format)) throw new ResponseError(LSPErrorCodes.RequestFailed, 'not the name of a format');
      return { text: await analysis.ask('exportReport', { format, version: VERSION }, token) };
    }),
  );
  connection.onNotification(STOP_READING, () => analysis.tell({ kind: 'stop-indexing' }));
  connection.onNotification(GO_ON_READING, () => analysis.tell({ kind: 'index' }));
  connection.onRequest(LOCATE, ({ uri, line, character }: LocateParameters): ShownPlace | null => {
    const file = documents.idOf(String(uri));
    const at = { line: Number(line), character: Number(character) };
    return (file !== undefined && documents.locate(file, { start: at, end: at })) || null;
  });
  connection.onRequest(EXPLAIN, ({ uri, line }: ExplainParameters, token: CancellationToken) =>
    orRefuse(async (): Promise<ExplainResult> => {
      const place = documents.placeOf(String(uri), { line: Number(line), character: 0 });
      if (!place) return { text: 'Lockset does not analyse this document.' };
      return { text: await analysis.ask('explain', { file: place.file, line: place.position.line }, token) };
    }),
  );
  connection.onRequest(CARD, ({ id, page }: CardParameters, token: CancellationToken) =>
    orRefuse((): Promise<CardResult | null> => analysis.ask('card', { id: String(id), ...(page ? { page: checkedPage(page) } : {}) }, token)),
  );
  connection.onRequest(CARD_AT, ({ uri, line, character }: CardAtParameters, token: CancellationToken) =>
    orRefuse(async (): Promise<string | null> => {
      const place = documents.placeOf(String(uri), { line: Number(line), character: Number(character) });
      return place ? analysis.ask('cardAt', { file: place.file, line: place.position.line, column: place.position.character }, token) : null;
    }),
  );
  connection.onRequest(CARDS, (_parameters: unknown, token: CancellationToken) => orRefuse((): Promise<CardsResult> => analysis.ask('cards', {}, token)));
  connection.onRequest(CONFIGURATION_FILE, ({ uri }: ConfigurationFileParameters, token: CancellationToken) =>
    orRefuse(async (): Promise<ConfigurationFileResult | null> => {
      const file = documents.idOf(String(uri));
      const found = file === undefined ? null : await analysis.ask('configurationFile', { file }, token);
      return found && { uri: uriOfId(found.file), exists: found.exists };
    }),
  );
  connection.onRequest(RULE_OFF, async ({ configuration, text, rule }: RuleOffParameters): Promise<RuleOffResult> => {
    if (!/^[a-z][a-z0-9-]*$/.test(String(rule))) throw new ResponseError(LSPErrorCodes.RequestFailed, 'not the name of a rule');
    return turnRuleOff(String(configuration), String(text), rule);
  });
  // Of no program, so that no analysis is asked.
  connection.onRequest(CHOOSE, async ({ language, answers }: ChooseParameters): Promise<ChooseResult | null> => {
    const known = language === 'python' || language === 'typescript' || language === 'javascript' ? language : undefined;
    return chooseTool(known, Array.isArray(answers) ? answers.map(String) : []) ?? null;
  });
}

const FILE_FORMATS: readonly ReportFileFormat[] = ['html', 'markdown', 'json', 'sarif'];

function checkedPage({ nonce, canGoBack }: CardPage): CardPage {
  return { nonce: String(nonce), canGoBack: canGoBack === true };
}

/** Errors as the protocol has them; what went wrong inside is in the log already. */
async function orRefuse<Result>(answer: () => Promise<Result>): Promise<Result> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    if (error instanceof AnalysisFailed) throw new ResponseError(LSPErrorCodes.RequestFailed, `Lockset could not answer: ${error.message.split('\n')[0]}`);
    throw error;
  }
}
