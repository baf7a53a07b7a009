// The concurrency report in an editor tab: there at once, filled as the analysis goes on, and kept up to date while it is seen.
import { CancellationTokenSource, Disposable, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import { GO_ON_READING, REPORT, type ReportParameters, type ReportResult, type StatusParameters } from '../server/lsp/messages';
import { openPlace } from './open-place';
import { createNonce, shellPage } from './page-frame';
import { type Notice, type Place, parseCardRequest, parsePlace, parseReportRequest, type ToReportPage } from './page-message';
import { runAction } from './report-actions';
import { MAKING, noticeOf } from './report-notice';
import { ReportPace } from './report-pace';
import type { ServerProcess } from './server-process';

const REPORT_VIEW = 'lockset.report';

/** What the view needs of the rest of the extension. */
interface Parts {
  readonly extensionUri: Uri;
  readonly server: ServerProcess;
  readonly showCard: (id: string) => Promise<void>;
}

/** At most one report tab; it survives a restart of the window and of the server. */
export class ReportView implements Disposable {
  private panel: WebviewPanel | undefined;
  /** One for the whole life of a panel, whose page stays and gets other contents. */
  private nonce = '';
  /** The last report, for the page to have again when it has been hidden, and the analysis that it is of. */
  private html: string | undefined;
  private revision = 0;
  /** Whether there is more to come than that report shows: files were still being read, or analysed. */
  private isPartial = true;
  private sought: Place | undefined;
  /** Whether the page's script runs; it does not while the tab is hidden. */
  private isReady = false;
  private asking: CancellationTokenSource | undefined;
  private readonly pace = new ReportPace(() => this.ask());
  private readonly registrations: Disposable;

  constructor(private readonly parts: Parts) {
    this.registrations = Disposable.from(
      window.registerWebviewPanelSerializer(REPORT_VIEW, { deserializeWebviewPanel: async (panel) => this.adopt(panel) }),
      parts.server.onStatus((status) => this.follow(status)),
      parts.server.onStarted(() => this.restarted()),
    );
  }

  /** Opens the report beside the code, or brings it to the front; at a finding, if its place is given. */
  show(place?: Place): void {
    this.sought = place;
    if (this.panel) this.panel.reveal();
    else this.adopt(window.createWebviewPanel(REPORT_VIEW, 'Concurrency Report', ViewColumn.Beside, { enableFindWidget: true }));
    this.tellPage();
    this.pace.wantNow();
  }

  /** Makes the report anew, and goes on reading where that was stopped. Without an open report nothing happens. */
  async refresh(): Promise<void> {
    if (!this.panel) return;
    if (this.parts.server.status.stopped) await this.parts.server.notify(GO_ON_READING);
    this.pace.wantNow();
  }

  dispose(): void {
    this.panel?.dispose();
    this.registrations.dispose();
  }

  private adopt(panel: WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.nonce = createNonce();
    this.isReady = false;
    panel.onDidDispose(() => this.forget(panel));
    panel.onDidChangeViewState(() => this.panel === panel && this.seen(panel.visible));
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    const distribution = Uri.joinPath(this.parts.extensionUri, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [distribution] };
    const script = panel.webview.asWebviewUri(Uri.joinPath(distribution, 'page.js')).toString();
    panel.webview.html = shellPage(this.notice()?.text ?? MAKING.text, this.nonce, script);
    this.pace.wantNow();
  }

  private forget(panel: WebviewPanel): void {
    if (this.panel !== panel) return;
    this.panel = undefined;
    this.html = undefined;
    this.revision = 0;
    this.isPartial = true;
    this.seen(false);
  }

  /** A hidden page is torn down; nobody makes reports for it. When it is seen again its script says so. */
  private seen(isVisible: boolean): void {
    if (isVisible) return;
    this.isReady = false;
    this.asking?.cancel();
    this.pace.stop();
  }

  private follow({ state, revision, reading }: StatusParameters): void {
    if (!this.panel) return;
    this.post({ notice: this.notice() });
    if (!this.panel.visible) return;
    // The first whole report is waited for; later ones come in their own time.
    if (state === 'ready' && this.isPartial) this.pace.wantNow();
    else if (reading || revision > this.revision) this.pace.want();
  }

  /** A new server counts from the beginning. */
  private restarted(): void {
    this.revision = 0;
    if (this.panel?.visible) this.pace.wantNow();
  }

  private async receive(message: unknown): Promise<void> {
    const place = parsePlace(message);
    const card = parseCardRequest(message);
    const request = parseReportRequest(message);
    try {
      if (place) await openPlace(place, this.parts.server, this.panel?.viewColumn);
      else if (card && card !== 'back') await this.parts.showCard(card.card);
      else if (request === 'ready') this.begin();
      else if (request === 'goOn') await this.refresh();
      else if (request) await runAction(request, this.parts.server);
    } catch (error) {
      void window.showWarningMessage(error instanceof Error ? error.message : String(error));
    }
  }

  /** The page's script has started: it gets what there is, and what has come since. */
  private begin(): void {
    this.isReady = true;
    this.tellPage();
    if (this.isPartial || this.parts.server.status.revision > this.revision) this.pace.want();
  }

  private tellPage(): void {
    if (!this.isReady) return;
    const { html, sought: reveal } = this;
    this.sought = undefined;
    this.post({ notice: this.notice(), ...(html === undefined ? {} : { html }), ...(reveal ? { reveal } : {}) });
  }

  private notice(): Notice | null {
    const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
    return noticeOf(this.parts.server.status, folders) ?? (this.isPartial ? MAKING : null);
  }

  /** One report from the server to the page. Whatever keeps it from coming is in the notice, by the server's status. */
  private async ask(): Promise<void> {
    const panel = this.panel;
    const { server } = this.parts;
    const isPartial = server.status.state !== 'ready';
    // A whole report stays until there is another one: a part of it would take away what its reader looks at.
    if (!panel?.visible || (isPartial && !this.isPartial)) return;
    const asking = new CancellationTokenSource();
    this.asking = asking;
    const parameters: ReportParameters = { nonce: this.nonce, contentSecuritySource: panel.webview.cspSource, soFar: true };
    const result = await server.tryToRequest<ReportResult>(REPORT, parameters, asking.token);
    asking.dispose();
    if (!result || this.panel !== panel || asking.token.isCancellationRequested) return;
    this.revision = result.revision;
    this.isPartial = isPartial;
    if (result.html === this.html) return this.post({ notice: this.notice() });
    this.html = result.html;
    this.tellPage();
  }

  private post(message: ToReportPage): void {
    if (this.isReady) void this.panel?.webview.postMessage(message);
  }
}
