// Who shows the page: a view of the editor, or a browser on its own. Takes messages, and keeps what a person has chosen in the page.

/** An editor's view is torn down while it is hidden and when the window is loaded again; its host keeps this meanwhile. */
type Kept = Readonly<Record<string, unknown>>;

const editor = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi<Kept>() : undefined;
let kept: Kept = editor?.getState() ?? {};

/** Whether an editor shows the page, and can open places. */
export const isInEditor = editor !== undefined;

/** Says something to the editor; in a browser nobody hears it. */
export function tellEditor(message: object): void {
  editor?.postMessage(message);
}

/** Keeps a value, which has to be plain data, under a name of its part of the page. */
export function remember(name: string, value: unknown): void {
  kept = { ...kept, [name]: value };
  editor?.setState(kept);
}

/** What was kept under a name, unchecked; undefined where nothing was. */
export function recall(name: string): unknown {
  return kept[name];
}
