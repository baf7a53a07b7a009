// Code actions: what a person can do about the findings at a place, and all safe fixes of a file at once.
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
} from 'vscode-languageserver';
import { RequestCancelled } from './analysis-supervisor';
import { readData, toDiagnostics } from './protocol-diagnostics';
import { quickFixes } from './quick-fixes';
import type { Session } from './session';
import { toWorkspaceEdit } from './workspace-edits';

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
    for (const diagnostic of context.diagnostics) if (diagnostic.source === 'lockset') actions.push(...(await quickFixes(session, id, diagnostic, token)));
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
    edit: toWorkspaceEdit(
      session,
      taken.map((edit) => ({ file: id, edit })),
    ),
  };
}
