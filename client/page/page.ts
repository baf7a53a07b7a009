// The script inside pages that the server writes: turns clicks on places and on cards into messages, and colours examples.
import { highlightExamples } from '../highlight';
import type { Place } from '../page-message';
import { tellEditor } from './host';
import { followReport } from './report';

document.addEventListener('click', (event) => {
  if (open(event.target)) event.preventDefault();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && open(event.target)) event.preventDefault();
});
document.addEventListener('lockset:refreshed', highlightExamples);
highlightExamples();
followReport();

/** Asks the extension to open what an element stands for: a place, a card, or the card before this one. */
function open(target: EventTarget | null): boolean {
  const { dataset } = (target instanceof Element && target.closest<HTMLElement>('[data-file], [data-card], [data-back]')) || {};
  if (!dataset) return false;
  const [file, card] = [dataset['file'], dataset['card']];
  if (file !== undefined) tellEditor({ file, line: Number(dataset['line'] ?? 0), column: Number(dataset['column'] ?? 0) } satisfies Place);
  else if (card !== undefined) tellEditor({ card });
  else tellEditor({ back: true });
  return true;
}
