// The concurrency report in an editor tab: the server writes the page, this file frames it and opens the places it links to.
import { Disposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { REPORT, type ReportParameters, type ReportResult } from '../server/lsp/messages';
import { openPlace } from './open-place';
import { createNonce, framePage, messagePage } from './page-frame';
import { parsePlace } from './page-message';
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
    const script = panel.webview.asWebviewUri(Uri.joinPath(this.distribution(), 'page.js')).toString();
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
      if (place) await openPlace(place);
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
