// Workspace edits: edits of files as the client applies them, with versions, and to be confirmed where they need thought.
import type { AnnotatedTextEdit, Position, SnippetTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Session } from './session';

/** An edit of a file of the analysis; with `snippet` the client may put the caret into it. */
export interface FileEdit {
  readonly file: string;
  readonly edit: TextEdit;
  /** The new text with a placeholder, for clients that know such. */
  readonly snippet?: string;
}

/** So many places may change unseen; a person looks through more before they are changed. */
const MOST_UNSEEN = 3;

/**
 * The edits of one action, made for the versions that are open, so that a client, too, refuses what has become stale on the
 * way. `doubtful`: what it is called when a person has to look through it. Undefined where an edit has no place in the
 * client's documents.
 */
export function toWorkspaceEdit(session: Session, edits: readonly FileEdit[], doubtful?: string): WorkspaceEdit | undefined {
  const able = session.capabilities.workspace?.workspaceEdit;
  const byUri = place(session, edits, able?.documentChanges === true && able.snippetEditSupport === true);
  if (!byUri) return undefined;
  if (!able?.documentChanges) return { changes: Object.fromEntries([...byUri].map(([uri, inDocument]) => [uri, inDocument.edits as TextEdit[]])) };
  const isConfirmed = doubtful !== undefined && (byUri.size > 1 || edits.length > MOST_UNSEEN) && able.changeAnnotationSupport !== undefined;
  return {
    documentChanges: [...byUri].map(([uri, { version, edits: inDocument }]) => ({
      textDocument: { uri, version },
      edits: isConfirmed ? inDocument.map((edit) => ({ ...edit, annotationId: 'doubtful' })) : inDocument,
    })),
    ...(isConfirmed
      ? { changeAnnotations: { doubtful: { label: doubtful, needsConfirmation: true, description: 'This fix needs thought: look at each change.' } } }
      : {}),
  };
}

interface InDocument {
  readonly version: number | null;
  readonly edits: (TextEdit | SnippetTextEdit | AnnotatedTextEdit)[];
}

/** The edits by the URI of the client's document. */
function place({ documents }: Session, edits: readonly FileEdit[], withSnippets: boolean): Map<string, InDocument> | undefined {
  const byUri = new Map<string, InDocument>();
  for (const file of new Set(edits.map((each) => each.file))) {
    const own = edits.filter((each) => each.file === file);
    for (const { edit, snippet } of documents.isNotebook(file) ? joined(own) : own) {
      const at = documents.locateEdit(file, edit);
      if (!at) return undefined;
      const inDocument = byUri.get(at.uri) ?? { version: at.version, edits: [] };
      byUri.set(at.uri, inDocument);
      // What has changed on its way into a cell is no longer the text that the placeholder stands in.
      const isSnippet = snippet !== undefined && withSnippets && at.newText === edit.newText;
      inDocument.edits.push(isSnippet ? { range: at.range, snippet: { kind: 'snippet', value: snippet } } : { range: at.range, newText: at.newText });
    }
  }
  return byUri;
}

/** Edits that touch become one: at a cell's end one of them may need room that the other takes. */
function joined(edits: readonly FileEdit[]): FileEdit[] {
  const compare = (a: Position, b: Position) => a.line - b.line || a.character - b.character;
  const ordered = [...edits].sort((a, b) => compare(a.edit.range.start, b.edit.range.start) || compare(a.edit.range.end, b.edit.range.end));
  const done: FileEdit[] = [];
  for (const next of ordered) {
    const last = done.at(-1);
    if (last && compare(last.edit.range.end, next.edit.range.start) === 0) {
      const range = { start: last.edit.range.start, end: next.edit.range.end };
      done[done.length - 1] = { file: next.file, edit: { range, newText: last.edit.newText + next.edit.newText } };
    } else done.push(next);
  }
  return done;
}
