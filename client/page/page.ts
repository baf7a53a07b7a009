// The script inside pages that the server writes: turns clicks on places and on cards into messages, and colours examples.
import { highlightExamples } from '../highlight';
import type { Place } from '../page-message';
import { copyPlace } from './copying';
import { startFilters } from './filters';
import { isInEditor, tellEditor } from './host';
import { showMaps } from './map';
import { startReading } from './reading';
import { followReport } from './report';
import { startSorting } from './sorting';

document.addEventListener('click', (event) => {
  if (open(event.target)) event.preventDefault();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && open(event.target)) event.preventDefault();
});
document.addEventListener('lockset:refreshed', highlightExamples);
highlightExamples();
startFilters();
startSorting();
startReading();
// After the page itself can be read: drawing takes a while. Not every browser tells when it has nothing else to do.
(window.requestIdleCallback ?? setTimeout)(showMaps);
followReport();

/** Asks the extension to open what an element stands for: a place, a card, or the card before this one. In a browser, links lead there. */
function open(target: EventTarget | null): boolean {
  const found = target instanceof Element && target.closest<HTMLElement>('[data-file], [data-card], [data-back]');
  if (!found || (!isInEditor && found instanceof HTMLAnchorElement)) return false;
  const { dataset } = found;
  const [file, card] = [dataset['file'], dataset['card']];
  if (!isInEditor) {
    void copyPlace(found);
    return true;
  }
  if (file !== undefined) tellEditor({ file, line: Number(dataset['line'] ?? 0), column: Number(dataset['column'] ?? 0) } satisfies Place);
  else if (card !== undefined) tellEditor({ card });
  else tellEditor({ back: true });
  return true;
}
