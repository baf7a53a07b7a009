// Choosing a concurrency tool: a few questions, an advice as a page beside the code, and its snippet where the person wants it.
import { QuickInputButtons, type QuickPickItem, SnippetString, type TextEditor, window, workspace } from 'vscode';
import { CHOOSE, type ChooseAdvice, type ChooseParameters, type ChooseResult } from '../server/lsp/messages';
import type { CardView } from './card-view';
import type { ServerProcess } from './server-process';

const TITLE = 'Choose a Concurrency Tool';
const LANGUAGES: Readonly<Record<string, ChooseParameters['language']>> = {
  python: 'python',
  typescript: 'typescript',
  typescriptreact: 'typescript',
  javascript: 'javascript',
  javascriptreact: 'javascript',
};

/** Asks until there is an advice, shows it, and inserts its snippet if the person says so. Leaving the list at any point ends it. */
export async function chooseTool(cards: CardView, server: ServerProcess): Promise<void> {
  const editor = window.activeTextEditor;
  const language = editor && LANGUAGES[editor.document.languageId];
  const answers: string[] = [];
  for (;;) {
    const choice = await server.request<ChooseResult | null>(CHOOSE, { language, answers } satisfies ChooseParameters);
    if (!choice) throw new Error('Lockset has no advice for these answers.');
    const step = answers.length + 1;
    if (choice.kind === 'advice') await cards.show(choice.cardId);
    const picked =
      choice.kind === 'question'
        ? await pick({ step, placeholder: choice.question.text, items: choice.question.answers })
        : await pick({ step, placeholder: choice.title, items: endings(choice, editor, language) });
    if (picked === undefined) return;
    if (picked === 'back') answers.pop();
    else if (choice.kind === 'question') answers.push(picked);
    else return insert(picked, choice, editor);
  }
}

interface Item {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
}

/** What a person may do with an advice. */
function endings({ snippet }: ChooseAdvice, editor: TextEditor | undefined, language: ChooseParameters['language']): readonly Item[] {
  const read: Item = { id: 'read', label: 'Only read the advice', detail: 'Nothing is inserted' };
  if (!snippet) return [read];
  const fits = editor !== undefined && language === snippet.language;
  const here: Item = {
    id: 'here',
    label: 'Insert the snippet at the cursor',
    detail: `${snippet.title}, in ${editor && workspace.asRelativePath(editor.document.uri)}`,
  };
  const elsewhere: Item = { id: 'new', label: 'Open the snippet in a new file', detail: snippet.title };
  return [...(fits ? [here] : []), elsewhere, read];
}

async function insert(ending: string, { snippet }: ChooseAdvice, editor: TextEditor | undefined): Promise<void> {
  if (ending === 'read' || !snippet) return;
  if (ending === 'here' && editor?.document.isClosed) throw new Error('The file has been closed meanwhile; nothing was inserted.');
  const document = ending === 'here' && editor ? editor.document : await workspace.openTextDocument({ language: snippet.language });
  const target = await window.showTextDocument(document, { viewColumn: editor?.viewColumn, preview: false });
  if (!(await target.insertSnippet(new SnippetString(snippet.body)))) throw new Error('The editor has refused the snippet.');
}

/** The id of the item that is picked, `back`, or undefined when the person leaves the list. */
function pick({ step, placeholder, items }: { step: number; placeholder: string; items: readonly Item[] }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const list = window.createQuickPick<Item & QuickPickItem>();
    list.title = TITLE;
    list.step = step;
    list.placeholder = placeholder;
    list.items = items;
    list.matchOnDetail = true;
    // The page that opens beside takes the focus for a moment.
    list.ignoreFocusOut = true;
    list.buttons = step > 1 ? [QuickInputButtons.Back] : [];
    list.onDidAccept(() => {
      const [item] = list.selectedItems;
      if (item === undefined) return;
      resolve(item.id);
      list.hide();
    });
    list.onDidTriggerButton(() => {
      resolve('back');
      list.hide();
    });
    list.onDidHide(() => {
      // Changes nothing after an answer.
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}
