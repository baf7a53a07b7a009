// Finding a card: by what stands at the cursor, or in a list of terms, symptoms, rules and library APIs.
import { type QuickPickItem, QuickPickItemKind, type TextEditor, window } from 'vscode';
import { CARD_AT, CARDS, type CardAtParameters, type CardEntry, type CardsResult } from '../server/lsp/messages';
import type { CardView } from './card-view';
import type { ServerProcess } from './server-process';

/** Opens the card about what stands at the cursor; where there is none, a person chooses. */
export async function openCardAtCursor(cards: CardView, server: ServerProcess): Promise<void> {
  const id = await cardAtCursor(window.activeTextEditor, server);
  if (id === null || !(await cards.tryToShow(id))) await searchGlossary(cards, server);
}

/** Lets a person search all cards and opens the chosen one. */
export async function searchGlossary(cards: CardView, server: ServerProcess): Promise<void> {
  const items = server.request<CardsResult>(CARDS).then(itemsOf);
  const item = await window.showQuickPick(items, {
    title: 'Lockset: Search the Glossary',
    placeHolder: 'A term, an API, a rule, or what you see: "hangs at exit", "PicklingError"',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (item?.id !== undefined) await cards.show(item.id);
}

type Item = QuickPickItem & { readonly id?: string };

const GROUPS: readonly (readonly [CardEntry['kind'], string])[] = [
  ['term', 'Terms'],
  ['symptom', 'What you see'],
  ['rule', 'Rules'],
  ['api', 'Library APIs'],
];

function itemsOf(cards: CardsResult): Item[] {
  return GROUPS.flatMap(([kind, label]) => [
    { label, kind: QuickPickItemKind.Separator },
    ...cards
      .filter((card) => card.kind === kind)
      .map(({ id, title, names, summary }) => ({
        id,
        label: title,
        description: names.join(', '),
        detail: kind === 'symptom' ? `→ ${summary}` : summary.replaceAll('`', ''),
      })),
  ]);
}

async function cardAtCursor(editor: TextEditor | undefined, server: ServerProcess): Promise<string | null> {
  if (!editor) return null;
  const { document, selection } = editor;
  const { line, character } = selection.active;
  const parameters: CardAtParameters = { uri: document.uri.toString(), line, character };
  return server.request<string | null>(CARD_AT, parameters);
}
