// What the analysis knows of a line, as a page of plain text beside the code.
import { type Disposable, Uri, ViewColumn, window, workspace } from 'vscode';
import { EXPLAIN, type ExplainParameters, type ExplainResult } from '../server/lsp/messages';
import type { ServerProcess } from './server-process';
import { VirtualDocuments } from './virtual-documents';

/** Shows explanations, one document per line asked about. */
export class ExplanationView implements Disposable {
  private readonly documents = new VirtualDocuments('lockset-explanation');

  constructor(private readonly server: ServerProcess) {}

  /** Takes what a link or a menu hands over: a document's URI (or its text) and a line from 0; by default where the cursor is. */
  async show(document: unknown, line: unknown): Promise<void> {
    const editor = window.activeTextEditor;
    const uri = document instanceof Uri ? document : typeof document === 'string' ? Uri.parse(document) : editor?.document.uri;
    const lineFromZero = typeof line === 'number' ? line : editor?.selection.active.line;
    if (!uri || lineFromZero === undefined) throw new Error('Open a Python, TypeScript or JavaScript file and put the cursor on a line first.');
    const parameters: ExplainParameters = { uri: uri.toString(), line: lineFromZero };
    const { text } = await this.server.request<ExplainResult>(EXPLAIN, parameters);
    const fileName = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const page = await workspace.openTextDocument(this.documents.write(`${fileName} line ${lineFromZero + 1}.txt`, text));
    await window.showTextDocument(page, { viewColumn: ViewColumn.Beside, preview: true, preserveFocus: true });
  }

  dispose(): void {
    this.documents.dispose();
  }
}
