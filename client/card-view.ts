// Glossary cards as rendered pages beside the code.
import { commands, type Disposable, window } from 'vscode';
import { CARD, CARDS, type CardParameters, type CardResult, type CardsResult } from '../server/lsp/messages';
import type { ServerProcess } from './server-process';
import { VirtualDocuments } from './virtual-documents';

/** Shows cards in VS Code's own markdown preview, which runs no scripts and follows no command links. */
export class CardView implements Disposable {
  private readonly documents = new VirtualDocuments('lockset-card');

  constructor(private readonly server: ServerProcess) {}

  /** Shows the card of that id; without one a person chooses from a list. */
  async show(id: string | undefined): Promise<void> {
    const chosen = id ?? (await this.choose());
    if (chosen === undefined) return;
    const parameters: CardParameters = { id: chosen };
    const card = await this.server.request<CardResult | null>(CARD, parameters);
    if (!card) throw new Error(`Lockset's glossary has no card named "${chosen}".`);
    const uri = this.documents.write(`${card.title.replaceAll('/', ' or ')}.md`, card.markdown);
    await commands.executeCommand('markdown.showPreviewToSide', uri);
  }

  dispose(): void {
    this.documents.dispose();
  }

  private async choose(): Promise<string | undefined> {
    const cards = await this.server.request<CardsResult>(CARDS);
    const items = cards.map(({ id, title, summary }) => ({ label: title, detail: summary, id }));
    const item = await window.showQuickPick(items, { placeHolder: 'A word or an API of concurrent programming', matchOnDetail: true });
    return item?.id;
  }
}
