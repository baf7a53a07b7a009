// Code actions: what a person can do about the findings at a place, and all safe fixes of a file at once.
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  LSPErrorCodes,
  type Position,
  ResponseError,
} from 'vscode-languageserver';
import { RequestCancelled } from './analysis-supervisor';
import { toRange } from './protocol-diagnostics';
import { quickFixes, resolveQuickFix } from './quick-fixes';
import type { Session } from './session';
import { lineEdits } from './text-difference';
import { toWorkspaceEdit } from './workspace-edits';

const FIX_ALL = `${CodeActionKind.SourceFixAll}.lockset`;
/** Of a notebook. One cell is not asked for its share: a fix may need a line in another cell, and each half alone does harm. */
const FIX_ALL_CELLS = `${CodeActionKind.Notebook}.${FIX_ALL}`;
export const CODE_ACTION_KINDS = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL, FIX_ALL_CELLS];

/** For so long a menu may wait for proofs, in milliseconds. */
const PATIENCE = 500;

export function offerCodeActions(session: Session): void {
  session.connection.onCodeAction((parameters, token) => answer(session, parameters, token));
  session.connection.onCodeActionResolve((action, token) => resolveQuickFix(session, action, token));
}

async function answer(session: Session, { textDocument, range, context }: CodeActionParams, token: CancellationToken): Promise<CodeAction[]> {
  const { uri } = textDocument;
  const id = session.documents.idOf(uri);
  if (id === undefined || !session.documents.get(id)) return [];
  const actions: CodeAction[] = [];
  if (wants(context.only, CodeActionKind.QuickFix)) {
    // Moving a caret must cost nothing, and a menu has to come at once.
    const isAutomatic = context.triggerKind === CodeActionTriggerKind.Automatic;
    const patience = canResolve(session) ? (isAutomatic ? 0 : PATIENCE) : Number.POSITIVE_INFINITY;
    const own = context.diagnostics.filter(({ source }) => source === 'lockset');
    actions.push(...(await Promise.all(own.map((diagnostic) => quickFixes(session, { id, uri, diagnostic, patience }, token)))).flat());
  }
  // Moving a caret asks for quick fixes and refactorings alike; only a menu shows the latter.
  if (wants(context.only, CodeActionKind.RefactorRewrite) && context.triggerKind !== CodeActionTriggerKind.Automatic) {
    const place = session.documents.placeOf(uri, range.start);
    const annotating = place && (await annotate(session, place.file, place.position, token));
    if (annotating) actions.push(annotating);
  }
  // Only when asked for by name: it is not about the place where the caret is.
  const kind = session.documents.isNotebook(id) ? FIX_ALL_CELLS : FIX_ALL;
  if (context.only && wants(context.only, kind)) {
    const all = await fixAll(session, id, kind, token);
    if (all) actions.push(all);
  }
  return actions;
}

function canResolve({ capabilities }: Session): boolean {
  return capabilities.textDocument?.codeAction?.resolveSupport?.properties.includes('edit') ?? false;
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return !only || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

/** Writes down which lock guards what is declared here. */
async function annotate(session: Session, id: string, { line, character }: Position, token: CancellationToken): Promise<CodeAction | undefined> {
  const found = await orNothing(session.analysis.ask('annotation', { file: id, line, column: character }, token));
  if (!found || session.documents.get(id)?.version !== found.version) return undefined;
  const edits = found.edits.map(({ file, range, newText }) => ({ file, edit: { range: toRange(range), newText } }));
  const edit = toWorkspaceEdit(session, edits);
  return edit && { title: found.title, kind: CodeActionKind.RefactorRewrite, edit };
}

/** All safe fixes of a file that can be proven, each on what those before it leave. */
async function fixAll(session: Session, id: string, kind: string, token: CancellationToken): Promise<CodeAction | undefined> {
  const repaired = await orNothing(session.analysis.ask('fixAll', { file: id }, token));
  if (!repaired) return undefined;
  const document = session.documents.get(id);
  if (document?.version !== repaired.version) throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');
  if (!document || repaired.text === undefined) return undefined;
  const edits = lineEdits(document.getText(), repaired.text).map((edit) => ({ file: id, edit }));
  // In a notebook all edits stay inside of cells, or none is made.
  const edit = edits.length > 0 ? toWorkspaceEdit(session, edits) : undefined;
  return edit && { title: 'Apply all safe fixes of Lockset', kind, edit };
}

/** What went wrong inside is in the log; a menu without one entry is all that a person sees of it. */
async function orNothing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    return undefined;
  }
}
