// Opens a place that a page names in the editor.
import { commands, Range, type TextDocumentShowOptions, Uri, ViewColumn, workspace } from 'vscode';
import { LOCATE, type LocateParameters, type ShownPlace } from '../server/lsp/messages';
import type { Place } from './page-message';
import type { ServerProcess } from './server-process';

/**
 * Opens a place of the workspace, or of another document that is open, in the first editor column, or in the second if the page is
 * in the first. A place anywhere else is not opened, whatever the page says. `from`: the column of the page.
 */
export async function openPlace({ file, line, column }: Place, server: ServerProcess, from: ViewColumn | undefined): Promise<void> {
  const options = { viewColumn: from === ViewColumn.One ? ViewColumn.Two : ViewColumn.One };
  const uri = find(file);
  if (!uri) return;
  const cell = uri.path.endsWith('.ipynb') ? await locate({ uri: uri.toString(), line, character: column }, server) : undefined;
  if (cell)
    await reveal(Uri.parse(cell.uri), new Range(cell.range.start.line, cell.range.start.character, cell.range.end.line, cell.range.end.character), options);
  else await reveal(uri, new Range(line, column, line, column), options);
}

/** Shows a range through the editor's own way of opening things, which knows notebooks and their cells, too. */
export async function reveal(uri: Uri, selection: Range, options: TextDocumentShowOptions): Promise<void> {
  await commands.executeCommand('vscode.open', uri, { ...options, selection });
}

/** A file is named by its URI, or by its path inside the (first) workspace folder. */
function find(file: string): Uri | undefined {
  const [folder] = workspace.workspaceFolders ?? [];
  const uri = /^[a-z][a-z0-9+.-]+:/i.test(file) ? Uri.parse(file) : folder && Uri.joinPath(folder.uri, file);
  if (!uri || workspace.getWorkspaceFolder(uri)) return uri;
  return [...workspace.textDocuments, ...workspace.notebookDocuments].find((document) => document.uri.toString() === uri.toString())?.uri;
}

/** The lines of a notebook are those of its cells, one after the other, as the server counts them. */
async function locate(place: LocateParameters, server: ServerProcess): Promise<ShownPlace | undefined> {
  return (await server.tryToRequest<ShownPlace | null>(LOCATE, place)) ?? undefined;
}
