// The line above the report that says what is going on, with a bar and buttons.
import type { Notice } from '../page-message';
import { tellEditor } from './host';

/** Shows a notice in the page's element for it, or takes it away. A button that is being used stays the same element. */
export function showNotice(bar: HTMLElement, said: HTMLElement, notice: Notice | null): void {
  bar.hidden = notice === null;
  // A screen reader reads what changes: each activity once, not every file.
  const title = notice?.title ?? (said.textContent ? 'The report is complete.' : '');
  if (said.textContent !== title) said.textContent = title;
  if (!notice) return;
  const text = bar.querySelector('span') ?? bar.appendChild(document.createElement('span'));
  text.textContent = notice.text;
  showProgress(bar, notice);
  const buttons = [...bar.querySelectorAll('button')];
  for (const [index, { action, label }] of notice.actions.entries()) {
    const button = buttons[index] ?? bar.appendChild(document.createElement('button'));
    button.type = 'button';
    button.textContent = label;
    button.onclick = () => tellEditor({ action });
  }
  for (const button of buttons.slice(notice.actions.length)) button.remove();
}

function showProgress(bar: HTMLElement, { title, isBusy, progress }: Notice): void {
  const shown = bar.querySelector('progress');
  if (!isBusy) return shown?.remove();
  const element = shown ?? document.createElement('progress');
  if (!shown) bar.querySelector('span')?.after(element);
  element.setAttribute('aria-label', title);
  if (!progress) return element.removeAttribute('value');
  element.max = progress.total;
  element.value = progress.done;
}
