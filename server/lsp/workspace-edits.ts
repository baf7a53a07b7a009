// Workspace edits: edits of files as the client applies them, with versions, and to be confirmed where they need thought.
import type { AnnotatedTextEdit, SnippetTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
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
  const { documents, capabilities } = session;
  const able = capabilities.workspace?.workspaceEdit;
  const byUri = new Map<string, { readonly version: number | null; readonly edits: (TextEdit | SnippetTextEdit | AnnotatedTextEdit)[] }>();
  for (const { file, edit, snippet } of edits) {
    const at = documents.locateEdit(file, edit);
    // What has changed on its way into a cell is no longer the text that the placeholder stands in.
    const asGiven = at?.newText === edit.newText;
    if (!at) return undefined;
    const inDocument = byUri.get(at.uri) ?? { version: at.version, edits: [] };
    byUri.set(at.uri, inDocument);
    const withCaret = snippet !== undefined && asGiven && able?.documentChanges && able.snippetEditSupport;
    inDocument.edits.push(withCaret ? { range: at.range, snippet: { kind: 'snippet', value: snippet } } : { range: at.range, newText: at.newText });
  }
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
