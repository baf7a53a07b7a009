// The concurrency report in an editor tab: the server writes the page, this file frames it and opens the places it links to.
import { Disposable, Range, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { REPORT, type ReportParameters, type ReportResult } from '../server/lsp/messages';
import { createNonce, framePage, messagePage } from './report-frame';
import { type Place, parsePlace } from './report-message';
import type { ServerProcess } from './server-process';

export const REPORT_VIEW = 'lockset.report';

/** At most one report tab; it survives a restart of the window and of the server. */
export class ReportView implements Disposable {
  private panel: WebviewPanel | undefined;
  private readonly registrations: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly server: ServerProcess,
  ) {
    this.registrations = Disposable.from(
      window.registerWebviewPanelSerializer(REPORT_VIEW, { deserializeWebviewPanel: (panel) => this.adopt(panel) }),
      server.onStarted(() => void this.refresh()),
    );
  }

  /** Opens the report beside the code, or brings it to the front, and writes it anew. */
  async show(): Promise<void> {
    if (this.panel) {
      this.panel.reveal();
      return this.refresh();
    }
    await this.adopt(window.createWebviewPanel(REPORT_VIEW, 'Concurrency Report', ViewColumn.Beside));
  }

  /** Asks the server for the report again; without an open report nothing happens. A failure shows on the page. */
  async refresh(): Promise<void> {
    const panel = this.panel;
    if (!panel) return;
    const nonce = createNonce();
    const script = panel.webview.asWebviewUri(Uri.joinPath(this.distribution(), 'report-page.js')).toString();
    const parameters: ReportParameters = { nonce, contentSecuritySource: panel.webview.cspSource };
    let page: string;
    try {
      page = (await this.server.request<ReportResult>(REPORT, parameters)).html;
    } catch (error) {
      page = messagePage(error instanceof Error ? error.message : String(error));
    }
    if (this.panel === panel) panel.webview.html = framePage(page, nonce, script);
  }

  dispose(): void {
    this.panel?.dispose();
    this.registrations.dispose();
  }

  private async adopt(panel: WebviewPanel): Promise<void> {
    this.panel?.dispose();
    this.panel = panel;
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.distribution()] };
    panel.webview.onDidReceiveMessage(async (message: unknown) => {
      const place = parsePlace(message);
      if (place) await open(place);
    });
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    await this.refresh();
  }

  private distribution(): Uri {
    return Uri.joinPath(this.extensionUri, 'dist');
  }
}

/** Opens a place of the workspace in the first editor column; a place anywhere else is not opened, whatever the page says. */
async function open({ file, line, column }: Place): Promise<void> {
  const uri = locate(file);
  if (!uri || !workspace.getWorkspaceFolder(uri)) return;
  await window.showTextDocument(uri, { viewColumn: ViewColumn.One, selection: new Range(line, column, line, column) });
}

/** A file is named by its URI, or by its path inside the (first) workspace folder. */
function locate(file: string): Uri | undefined {
  if (/^[a-z][a-z0-9+.-]+:/i.test(file)) return Uri.parse(file);
  const folder = workspace.workspaceFolders?.[0];
  return folder && Uri.joinPath(folder.uri, file);
}
