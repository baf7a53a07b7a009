// Glossary cards, and cards of the workspace's own code, as pages beside the code.
import { type Disposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { CARD, type CardParameters, type CardResult } from '../server/lsp/messages';
import { openPlace } from './open-place';
import { createNonce, framePage } from './page-frame';
import { parseCardRequest, parsePlace } from './page-message';
import type { ServerProcess } from './server-process';

const CARD_VIEW = 'lockset.card';

/** At most one tab with cards; links between them stay in it, and the way back is kept. */
export class CardView implements Disposable {
  private panel: WebviewPanel | undefined;
  /** Ids of the cards that were shown, the present one last. */
  private trail: string[] = [];

  constructor(
    private readonly extensionUri: Uri,
    private readonly server: ServerProcess,
  ) {}

  /** Shows the card of an id. Throws where there is none, with a message for a person. */
  async show(id: string): Promise<void> {
    if (!(await this.tryToShow(id))) throw new Error(`Lockset has no card named "${id}".`);
  }

  /** Shows the card of an id or a name; false where there is none. */
  async tryToShow(id: string): Promise<boolean> {
    const trail = this.panel && this.trail.at(-1) !== id ? [...this.trail, id] : [id];
    return this.write(id, trail);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private async write(id: string, trail: string[]): Promise<boolean> {
    const nonce = createNonce();
    const distribution = Uri.joinPath(this.extensionUri, 'dist');
    const parameters: CardParameters = { id, page: { nonce, canGoBack: trail.length > 1 } };
    const card = await this.server.request<CardResult | null>(CARD, parameters);
    if (card?.html === undefined) return false;
    this.trail = trail;
    const shown = this.panel ?? this.open(distribution);
    shown.title = card.title;
    shown.webview.html = framePage(card.html, nonce, shown.webview.asWebviewUri(Uri.joinPath(distribution, 'page.js')).toString());
    shown.reveal(undefined, true);
    return true;
  }

  private open(distribution: Uri): WebviewPanel {
    const panel = window.createWebviewPanel(
      CARD_VIEW,
      'Lockset',
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [distribution], enableFindWidget: true },
    );
    this.panel = panel;
    panel.webview.onDidReceiveMessage(async (message: unknown) => {
      const place = parsePlace(message);
      const asked = parseCardRequest(message);
      if (place) await openPlace(place, this.server, panel.viewColumn);
      else if (asked === 'back' && this.trail.length > 1) await this.write(this.trail[this.trail.length - 2], this.trail.slice(0, -1));
      else if (asked !== undefined && asked !== 'back') await this.tryToShow(asked.card);
    });
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    return panel;
  }
}
