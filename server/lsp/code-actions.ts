// Code actions: the fixes that came with a diagnostic, all safe fixes of a file, and silencing; never on another text than they were made for.
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { RequestCancelled } from './analysis-supervisor';
import { type DataFix, readData, toDiagnostics } from './protocol-diagnostics';
import type { Session } from './session';
import { allowHere, allowInFile } from './silence';

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.lockset`;
export const CODE_ACTION_KINDS = [CodeActionKind.QuickFix, FIX_ALL];

export function offerCodeActions(session: Session): void {
  session.connection.onCodeAction((parameters, token) => answer(session, parameters, token));
}

async function answer(session: Session, { textDocument, context }: CodeActionParams, token: CancellationToken): Promise<CodeAction[]> {
  const id = session.documents.idOf(textDocument.uri);
  if (id === undefined || !session.documents.get(id)) return [];
  const actions: CodeAction[] = [];
  if (wants(context.only, CodeActionKind.QuickFix)) {
    for (const diagnostic of context.diagnostics) if (diagnostic.source === 'lockset') actions.push(...quickFixes(session, id, diagnostic));
  }
  // Only when asked for by name: it is not about the place where the caret is.
  if (context.only && wants(context.only, FIX_ALL)) {
    const all = await fixAll(session, id, token);
    if (all) actions.push(all);
  }
  return actions;
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return !only || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

function quickFixes(session: Session, id: string, diagnostic: Diagnostic): CodeAction[] {
  const data = readData(diagnostic);
  const document = session.documents.get(id);
  if (!data || !document) return [];
  const last = session.results.get(id);
  // Equal results are told to be unchanged, so a diagnostic may be older than the analysis that last confirmed it.
  const versions = last?.id === data.result ? last.versions : data.versions;
  if (versions[id] !== document.version) return [];
  const isFresh = (fix: DataFix) => fix.edits.every(({ file }) => versions[file] === session.documents.get(file)?.version);
  const fixes = data.fixes.filter(isFresh).map(
    (fix, index): CodeAction => ({
      title: fix.safety === 'unsafe' ? `${fix.title} (check the result)` : fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: index === 0 && fix.safety !== 'unsafe',
      edit: workspaceEdit(session, fix.edits),
    }),
  );
  const rule = String(diagnostic.code ?? '');
  if (!/^[a-z][a-z0-9-]*$/.test(rule)) return fixes;
  const silence = (title: string, edit: TextEdit): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: workspaceEdit(session, [{ file: id, edit }]),
  });
  return [
    ...fixes,
    silence(`Allow ${rule} here`, allowHere(document, diagnostic.range.start.line, rule)),
    silence(`Allow ${rule} in this file`, allowInFile(document, rule)),
  ];
}

/** All safe fixes of a file that do not get into each other's way, computed on its present text. */
async function fixAll(session: Session, id: string, token: CancellationToken): Promise<CodeAction | undefined> {
  let result: ReturnType<typeof toDiagnostics>;
  try {
    result = toDiagnostics(await session.analysis.ask('findings', { file: id }, token), (file) => session.documents.uriOf(file));
  } catch (error) {
    if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    return undefined;
  }
  const document = session.documents.get(id);
  if (!document || result.versions[id] !== document.version) throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');
  const taken: TextEdit[] = [];
  for (const diagnostic of result.items) {
    const fix = readData(diagnostic)?.fixes.find(({ safety }) => safety === 'safe');
    if (!fix || fix.edits.some(({ file }) => file !== id)) continue;
    const edits = fix.edits.map(({ edit }) => edit);
    const touches = (a: TextEdit, b: TextEdit) =>
      document.offsetAt(a.range.start) <= document.offsetAt(b.range.end) && document.offsetAt(b.range.start) <= document.offsetAt(a.range.end);
    if (edits.every((edit) => taken.every((other) => !touches(edit, other)))) taken.push(...edits);
  }
  if (taken.length === 0) return undefined;
  return {
    title: 'Apply all safe fixes of Lockset',
    kind: FIX_ALL,
    edit: workspaceEdit(
      session,
      taken.map((edit) => ({ file: id, edit })),
    ),
  };
}

/** With versions where the client can check them, so that it refuses, too, what has become stale on the way. */
function workspaceEdit(session: Session, edits: DataFix['edits']): WorkspaceEdit {
  const byFile = new Map<string, TextEdit[]>();
  for (const { file, edit } of edits) byFile.set(file, [...(byFile.get(file) ?? []), edit]);
  const { documents, capabilities } = session;
  if (!capabilities.workspace?.workspaceEdit?.documentChanges) {
    return { changes: Object.fromEntries([...byFile].map(([file, all]) => [documents.uriOf(file), all])) };
  }
  return {
    documentChanges: [...byFile].map(([file, all]) => ({
      textDocument: { uri: documents.uriOf(file), version: documents.get(file)?.version ?? null },
      edits: all,
    })),
  };
}
