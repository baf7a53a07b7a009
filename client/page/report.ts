// The script of the report's view in the editor: takes newer reports and notices from the extension as they come.
import type { Place, ToReportPage } from '../page-message';
import { unhide } from './filters';
import { isInEditor, tellEditor } from './host';
import { keepState, restoreState } from './kept-state';
import { showNotice } from './notice';
import { refresh } from './refresh';

/** Begins to listen, if the page is that view at all; cards, and reports that a browser shows, are whole from the start. */
export function followReport(): void {
  if (!isInEditor) return;
  keepState();
  const [target, style, bar, said] = ['report', 'report-style', 'notice', 'said'].map((id) => document.getElementById(id));
  if (!target || !(style instanceof HTMLStyleElement) || !bar || !said) return restoreState();
  let sought: Place | undefined;
  window.addEventListener('message', ({ data }: MessageEvent<ToReportPage>) => {
    if (data.notice !== undefined) showNotice(bar, said, data.notice);
    if (data.html !== undefined) {
      refresh(target, style, data.html);
      restoreState();
    }
    sought = data.reveal ?? sought;
    if (sought && reveal(target, sought)) sought = undefined;
  });
  tellEditor({ isReady: true });
}

/** Brings a finding into view; false where the report has none at that place. */
function reveal(target: HTMLElement, { file, line, column }: Place): boolean {
  const places = target.querySelectorAll<HTMLElement>(`.finding [data-line="${line}"][data-column="${column}"]`);
  const place = [...places].find(({ dataset }) => dataset['file'] === file);
  if (!place) return false;
  unhide(place);
  for (let around: Element | null = place; around; around = around.parentElement) if (around instanceof HTMLDetailsElement) around.open = true;
  place.closest('.finding')?.scrollIntoView({ block: 'start', behavior: 'instant' });
  place.focus({ preventScroll: true });
  return true;
}
