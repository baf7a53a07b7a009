// Addresses of cards: a link that opens a card in this editor, wherever it stands.
import { type Disposable, env, Uri, window } from 'vscode';

/** The address that opens a card; it leads nowhere outside of this editor. `extension`: this extension's id. */
export function cardAddress(extension: string, id: string): Uri {
  return Uri.from({ scheme: env.uriScheme, authority: extension, path: `/card/${id}` });
}

/** Opens the cards that such addresses name. Anyone can make an address; the worst it can do is to show a card. */
export function handleCardLinks(cards: { show(id: string): Promise<void> }): Disposable {
  return window.registerUriHandler({
    handleUri: async ({ path }) => {
      const id = /^\/card\/([\w.-]+)$/.exec(path)?.[1];
      if (id !== undefined) await cards.show(id).catch((error: unknown) => window.showWarningMessage(error instanceof Error ? error.message : String(error)));
    },
  });
}
