// Quick fixes: the repairs that came with a diagnostic, never on another text than they were made for, and what else to do about it.
import { type CancellationToken, type CodeAction, CodeActionKind, type Diagnostic, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { RequestCancelled } from './analysis-supervisor';
import { showingActions } from './finding-actions';
import { TURN_RULE_OFF } from './messages';
import { type DataFix, type DiagnosticData, readData } from './protocol-diagnostics';
import type { Session } from './session';
import { allowHere, allowInFile, type Silencing } from './silence';
import { toWorkspaceEdit } from './workspace-edits';

/** The actions for a diagnostic that the client gave back for `uri`, a document of a file that is open; none when it has changed since. */
export async function quickFixes(session: Session, id: string, uri: string, diagnostic: Diagnostic, token: CancellationToken): Promise<CodeAction[]> {
  const data = readData(diagnostic);
  const shown = session.documents.shownAs(id, uri);
  if (!data || !freshVersions(session, id, shown, data)) return [];
  const rule = String(diagnostic.code ?? '');
  const proven = await provenFixes(session, id, data, token);
  // What was typed while they were proven makes them stale.
  const versions = freshVersions(session, id, shown, data);
  if (!versions) return [];
  const fixes = repairs(session, diagnostic, proven, versions);
  if (!/^[a-z][a-z0-9-]*$/.test(rule)) return fixes;
  return [...fixes, ...(session.isOurs ? showingActions(diagnostic, rule) : []), ...(await silencingActions(session, id, uri, diagnostic, rule, token))];
}

/** The versions that the diagnostic's fixes are good for; undefined where the document is another now. */
function freshVersions(session: Session, id: string, shown: string, data: DiagnosticData): DiagnosticData['versions'] | undefined {
  const last = session.results.get(shown);
  // Equal results are told to be unchanged, so a diagnostic may be older than the analysis that last confirmed it.
  const versions = last?.id === data.result ? last.versions : data.versions;
  return versions[id] === session.documents.get(id)?.version ? versions : undefined;
}

/** The fixes that are known to clear the finding and to bring about nothing else: only those are worth a person's trust. */
async function provenFixes(session: Session, id: string, { finding, fixes }: DiagnosticData, token: CancellationToken): Promise<readonly DataFix[]> {
  if (fixes.length === 0) return [];
  try {
    const proven = await session.analysis.ask('prove', { file: id, finding }, token);
    return fixes.filter((_fix, index) => proven[index]);
  } catch (error) {
    if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    return [];
  }
}

function repairs(session: Session, diagnostic: Diagnostic, proven: readonly DataFix[], versions: DiagnosticData['versions']): CodeAction[] {
  const isFresh = (fix: DataFix) => fix.edits.every(({ file }) => versions[file] === session.documents.get(file)?.version);
  const fixes = proven.filter(isFresh);
  const firstSafe = fixes.find(({ safety }) => safety === 'safe');
  const preferred = firstSafe ?? (fixes.length === 1 && fixes[0].safety === 'suggestion' ? fixes[0] : undefined);
  return fixes.flatMap((fix): CodeAction[] => {
    const isUnsafe = fix.safety === 'unsafe';
    const title = isUnsafe ? `${fix.title} (check the result)` : fix.title;
    const edit = toWorkspaceEdit(session, fix.edits, isUnsafe ? title : undefined);
    return edit ? [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: fix === preferred, edit }] : [];
  });
}

async function silencingActions(
  session: Session,
  id: string,
  uri: string,
  diagnostic: Diagnostic,
  rule: string,
  token: CancellationToken,
): Promise<CodeAction[]> {
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
  const configuration = session.isOurs ? await session.analysis.ask('configurationFile', { file: id }, token).catch(() => null) : null;
  if (!configuration) return actions;
  // The client knows whether the file is open with changes that are not on the disk, so that it makes the edit.
  const title = `Turn ${rule} off in ${/[^/]*$/.exec(configuration.file)?.[0]}`;
  return [...actions, { title, ...common, command: { title, command: TURN_RULE_OFF, arguments: [uri, rule] } }];
}
