// Opens a place that a page names in the editor.
import { commands, Range, type TextDocumentShowOptions, Uri, ViewColumn, workspace } from 'vscode';
import type { Place } from './page-message';

/** Opens a place of the workspace in the first editor column; a place anywhere else is not opened, whatever the page says. */
export async function openPlace({ file, line, column }: Place): Promise<void> {
  const uri = locate(file);
  if (!uri || !workspace.getWorkspaceFolder(uri)) return;
  await reveal(uri, new Range(line, column, line, column), { viewColumn: ViewColumn.One });
}

/** Shows a range through the editor's own way of opening things, which knows notebooks and their cells, too. */
export async function reveal(uri: Uri, selection: Range, options: TextDocumentShowOptions): Promise<void> {
  await commands.executeCommand('vscode.open', uri, { ...options, selection });
}

/** A file is named by its URI, or by its path inside the (first) workspace folder. */
function locate(file: string): Uri | undefined {
  if (/^[a-z][a-z0-9+.-]+:/i.test(file)) return Uri.parse(file);
  const folder = workspace.workspaceFolders?.[0];
  return folder && Uri.joinPath(folder.uri, file);
}
