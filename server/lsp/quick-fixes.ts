// Quick fixes: the repairs that came with a diagnostic, never on another text than they were made for, and what else to do about it.
import { type CancellationToken, type CodeAction, CodeActionKind, type Diagnostic, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { RequestCancelled } from './analysis-supervisor';
import { showingActions } from './finding-actions';
import { TURN_RULE_OFF } from './messages';
import { type DataFix, type DiagnosticData, readData } from './protocol-diagnostics';
import type { Session } from './session';
import { allowHere, allowInFile, type Silencing } from './silence';
import { uriOfId } from './uris';
import { toWorkspaceEdit } from './workspace-edits';

export interface Asked {
  /** Of the file that is open. */
  readonly id: string;
  /** Of the client's document that shows the diagnostic. */
  readonly uri: string;
  /** As the client gave it back. */
  readonly diagnostic: Diagnostic;
  /** For so many milliseconds a proof may be waited for; where it takes longer, it is waited for when a fix has been chosen. */
  readonly patience: number;
}

/** The actions for a diagnostic; none when its document has changed since. */
export async function quickFixes(session: Session, asked: Asked, token: CancellationToken): Promise<CodeAction[]> {
  const { id, uri, diagnostic } = asked;
  const data = readData(diagnostic);
  if (!data || !freshVersions(session, id, uri, data)) return [];
  const rule = String(diagnostic.code ?? '');
  const faults = await inTime(asked.patience, () => faultsOf(session, id, data, token));
  // What was typed while they were proven makes them stale.
  const versions = freshVersions(session, id, uri, data);
  if (!versions) return [];
  const sound = data.fixes.filter((fix, index) => !faults?.[index] && isFresh(session, fix, versions));
  const fixes = repairs(session, asked, data, sound, faults !== undefined);
  if (!/^[a-z][a-z0-9-]*$/.test(rule)) return fixes;
  const place = session.documents.placeOf(uri, diagnostic.range.start);
  const inReport = place && { file: uriOfId(place.file), line: place.position.line, column: place.position.character };
  const showing = session.isOurs ? showingActions(diagnostic, rule, data.schedule, inReport) : [];
  return [...fixes, ...showing, ...silencingActions(session, asked, rule)];
}

/** What a lazy action has to know when it is chosen. */
interface Unresolved {
  readonly uri: string;
  readonly diagnostic: DiagnosticData;
  /** Which of the diagnostic's fixes it is. */
  readonly index: number;
}

/** The action with its edit, once somebody has chosen it. Refuses where the fix is stale or cannot be proven. */
export async function resolveQuickFix(session: Session, action: CodeAction, token: CancellationToken): Promise<CodeAction> {
  const { uri, diagnostic, index } = (action.data ?? {}) as Partial<Unresolved>;
  const data = readData({ data: diagnostic });
  const fix = data?.fixes[index ?? -1];
  const id = typeof uri === 'string' ? session.documents.idOf(uri) : undefined;
  if (uri === undefined || id === undefined || !data || !fix || index === undefined) return action;
  const fault = (await faultsOf(session, id, data, token))[index];
  const versions = freshVersions(session, id, uri, data);
  if (!versions || !isFresh(session, fix, versions)) throw new ResponseError(LSPErrorCodes.ContentModified, 'the text has changed');
  if (fault) {
    session.connection.window.showWarningMessage(`Lockset does not make this fix after all: ${fault}.`);
    throw new ResponseError(LSPErrorCodes.RequestFailed, fault);
  }
  return { ...action, edit: editOf(session, fix) };
}

/** The versions that the diagnostic's fixes are good for; undefined where the document is another now. */
function freshVersions(session: Session, id: string, uri: string, data: DiagnosticData): DiagnosticData['versions'] | undefined {
  const last = session.results.get(session.documents.shownAs(id, uri));
  // Equal results are told to be unchanged, so a diagnostic may be older than the analysis that last confirmed it.
  const versions = last?.id === data.result ? last.versions : data.versions;
  return versions[id] === session.documents.get(id)?.version ? versions : undefined;
}

function isFresh(session: Session, fix: DataFix, versions: DiagnosticData['versions']): boolean {
  return fix.edits.every(({ file }) => versions[file] === session.documents.get(file)?.version);
}

/** Why fixes must not be made: they would not clear the finding, or bring about another. A person has to be able to trust the rest. */
async function faultsOf(session: Session, id: string, { finding, fixes }: DiagnosticData, token: CancellationToken): Promise<readonly (string | null)[]> {
  if (fixes.length === 0) return [];
  try {
    const faults = await session.analysis.ask('prove', { file: id, finding }, token);
    return fixes.map((_fix, index) => (index < faults.length ? faults[index] : 'its finding is gone'));
  } catch (error) {
    if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    return fixes.map(() => 'the analysis failed');
  }
}

/** What is worked out; undefined where it is not in time, though it is worked out all the same. */
async function inTime<Result>(patience: number, work: () => Promise<Result>): Promise<Result | undefined> {
  if (patience === 0) return undefined;
  const result = work();
  if (patience === Number.POSITIVE_INFINITY) return result;
  // Whoever asked has been answered by the time that it fails.
  result.catch(() => undefined);
  return Promise.race([result, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience))]);
}

function repairs(session: Session, { uri, diagnostic }: Asked, data: DiagnosticData, fixes: readonly DataFix[], areProven: boolean): CodeAction[] {
  const firstSafe = fixes.find(({ safety }) => safety === 'safe');
  const preferred = firstSafe ?? (fixes.length === 1 && fixes[0].safety === 'suggestion' ? fixes[0] : undefined);
  return fixes.flatMap((fix): CodeAction[] => {
    const edit = editOf(session, fix);
    if (!edit) return [];
    const unresolved: Unresolved = { uri, diagnostic: data, index: data.fixes.indexOf(fix) };
    const common = { title: titleOf(fix), kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: fix === preferred };
    return [areProven ? { ...common, edit } : { ...common, data: unresolved }];
  });
}

function titleOf({ title, safety }: DataFix): string {
  return safety === 'unsafe' ? `${title} (check the result)` : title;
}

function editOf(session: Session, fix: DataFix): ReturnType<typeof toWorkspaceEdit> {
  return toWorkspaceEdit(session, fix.edits, fix.safety === 'unsafe' ? titleOf(fix) : undefined);
}

/** The comments that allow the finding, and the configuration that turns its rule off. */
function silencingActions(session: Session, { id, uri, diagnostic }: Asked, rule: string): CodeAction[] {
  const document = session.documents.get(id);
  const place = session.documents.placeOf(uri, diagnostic.range.start);
  if (!document || !place) return [];
  const common = { kind: CodeActionKind.QuickFix, diagnostics: [diagnostic] };
  const silence = (title: string, silencing: Silencing): CodeAction[] => {
    const edit = toWorkspaceEdit(session, [{ file: id, ...silencing }]);
    return edit ? [{ title, ...common, edit }] : [];
  };
  const actions = [
    ...silence(`Allow ${rule} here`, allowHere(document, place.position.line, rule)),
    ...silence(`Allow ${rule} in this file`, allowInFile(document, rule)),
  ];
  // The client knows whether the configuration is open with changes that are not on the disk, so that it makes the edit.
  if (!session.isOurs || !session.folders.has(id)) return actions;
  const title = `Turn ${rule} off in the configuration`;
  return [...actions, { title, ...common, command: { title, command: TURN_RULE_OFF, arguments: [uri, rule] } }];
}
