// Shows places in the editor that the server has named: one, or the steps of a finding's schedule or trace, one after the other.
import { type Disposable, type QuickPickItem, QuickPickItemKind, Range, type TextEditorDecorationType, ThemeColor, Uri, window } from 'vscode';
import type { ShownPlace, ShownStep } from '../server/lsp/messages';
import { reveal } from './open-place';

/** Takes the argument of the command; shows the place with the caret in it. */
export async function showPlace(place: unknown): Promise<void> {
  const [checked] = checkPlaces([place]);
  if (checked) await show(checked, false);
}

/**
 * Takes the arguments of the command. The steps are listed with their words; the editor shows the one that is marked, and the
 * words behind its line. Whoever leaves the list without a choice is back where they were.
 */
export async function showTraces(title: unknown, argument: unknown): Promise<void> {
  const steps = checkPlaces(Array.isArray(argument) ? argument : []).filter(isStep);
  if (steps.length === 0) return;
  const before = window.activeTextEditor;
  const selection = before?.selection;
  const pick = window.createQuickPick<Item>();
  const words = new StepWords();
  pick.title = typeof title === 'string' ? title : 'Lockset';
  pick.placeholder = 'Go through the steps with the arrow keys; Enter stays there, Escape leads back';
  pick.items = itemsOf(steps);
  pick.ignoreFocusOut = true;
  pick.matchOnDetail = true;
  const closed = new Promise<Item | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.activeItems[0]));
    pick.onDidHide(() => resolve(undefined));
  });
  let isOpen = true;
  pick.onDidChangeActive(async ([item]) => {
    if (!item?.step) return;
    await show(item.step, true);
    if (isOpen) words.show(item.step);
  });
  pick.show();
  const chosen = await closed;
  isOpen = false;
  pick.dispose();
  words.dispose();
  if (chosen?.step) await show(chosen.step, false);
  else if (before && selection) await reveal(before.document.uri, selection, { viewColumn: before.viewColumn, preview: false });
}

type Item = QuickPickItem & { readonly step?: ShownStep };

function itemsOf(steps: readonly ShownStep[]): Item[] {
  return steps.flatMap((step, index): Item[] => {
    const { uri, range, message, who } = step;
    const path = Uri.parse(uri).path;
    const item: Item = { label: `${index + 1}. ${path.slice(path.lastIndexOf('/') + 1)}:${range.start.line + 1}`, detail: message, step };
    const isNew = who !== '' && steps[index - 1]?.who !== who;
    return isNew ? [{ label: who, kind: QuickPickItemKind.Separator }, item] : [item];
  });
}

/** The words of one step behind its line, and the line marked. */
class StepWords implements Disposable {
  private type: TextEditorDecorationType | undefined;

  show({ uri, range, message }: ShownStep): void {
    this.type?.dispose();
    this.type = window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new ThemeColor('editor.rangeHighlightBackground'),
      after: { contentText: message, margin: '0 0 0 2em', color: new ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    });
    const { line } = range.start;
    const editors = window.visibleTextEditors.filter(({ document }) => document.uri.toString() === Uri.parse(uri).toString());
    for (const editor of editors) editor.setDecorations(this.type, [new Range(line, 0, line, editor.document.lineAt(line).text.length)]);
  }

  dispose(): void {
    this.type?.dispose();
  }
}

async function show({ uri, range: { start, end } }: ShownPlace, preview: boolean): Promise<void> {
  await reveal(Uri.parse(uri), new Range(start.line, start.character, end.line, end.character), { preview, preserveFocus: preview });
}

/** Commands can be run by anybody, with anything. */
function checkPlaces(places: readonly unknown[]): ShownPlace[] {
  return places.filter((place): place is ShownPlace => {
    const { uri, range } = (place ?? {}) as Partial<ShownPlace>;
    const ends = [range?.start, range?.end];
    return typeof uri === 'string' && ends.every((end) => Number.isSafeInteger(end?.line) && Number.isSafeInteger(end?.character));
  });
}

function isStep(place: ShownPlace): place is ShownStep {
  const { message, who } = place as Partial<ShownStep>;
  return typeof message === 'string' && typeof who === 'string';
}
