// The script inside the report's page: turns clicks on places into messages, and keeps the scroll position.
import type { Place } from './report-message';

const host = acquireVsCodeApi<{ readonly scroll: number }>();

document.addEventListener('click', (event) => {
  if (open(event.target)) event.preventDefault();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && open(event.target)) event.preventDefault();
});
document.addEventListener('scroll', () => host.setState({ scroll: window.scrollY }), { passive: true });
window.scrollTo(0, host.getState()?.scroll ?? 0);

/** Asks the extension to open the place that an element stands for. */
function open(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-file]') : null;
  const file = element?.dataset['file'];
  if (file === undefined) return false;
  const place: Place = { file, line: Number(element?.dataset['line'] ?? 0), column: Number(element?.dataset['column'] ?? 0) };
  host.postMessage(place);
  return true;
}
