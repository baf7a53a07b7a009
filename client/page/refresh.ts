// Puts a newer report into the page that shows one already, so that who reads it loses nothing: the scroll position, the focus,
// what is selected, which details are open and what controls hold stay as they are.
//
// For scripts that change the page, which the server's text knows nothing of:
// - Elements are told apart by their `id`: what has one stays the same element, whatever comes before it.
// - An element with an `id` that the server leaves empty belongs to a script, which may have drawn in it; its content is left alone.
// - The attributes below stay as a script or a person has set them. All others, `hidden` among them, become what the server says.
// - After each refresh, the first one too, `lockset:refreshed` is dispatched on `document`: filters then hide again what they
//   hide, and drawings read their data again. What is remembered in host.ts lasts while the view is hidden and over a reload.
import { Idiomorph } from 'idiomorph';
import { anchorIn, bringBack } from './anchor';

/** What says in what state a person has put an element. */
const KEPT = new Set(['open', 'aria-pressed', 'aria-selected', 'aria-expanded', 'aria-sort', 'tabindex']);

/** Shows a report in `target`; `html` is the server's whole page, its style goes into `style`. */
export function refresh(target: HTMLElement, style: HTMLStyleElement, html: string): void {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const rules = page.querySelector('style')?.textContent ?? '';
  if (style.textContent !== rules) style.textContent = rules;
  const tell = () => document.dispatchEvent(new Event('lockset:refreshed'));
  if (target.childElementCount > 0) {
    // What scripts hide again moves what stands below it.
    return inPlace(target, () => {
      morph(target, page.body);
      tell();
    });
  }
  target.replaceChildren(...page.body.childNodes);
  tell();
}

function morph(target: HTMLElement, content: HTMLElement): void {
  const chosen = new Map([...target.querySelectorAll('select')].map((select) => [select, select.value]));
  Idiomorph.morph(target, [...content.childNodes], {
    morphStyle: 'innerHTML',
    callbacks: {
      beforeNodeMorphed: (from, to) => !(from instanceof HTMLInputElement || isDrawn(from, to) || from.isEqualNode(to)),
      beforeAttributeUpdated: (name) => !KEPT.has(name),
    },
  });
  for (const [select, value] of chosen) if ([...select.options].some((option) => option.value === value)) select.value = value;
}

function isDrawn(from: Node, to: Node): boolean {
  return to instanceof Element && to.id !== '' && !to.hasChildNodes() && from.hasChildNodes();
}

/** Changes the page so that what stands at the top of the view stays there, and the focus stays or goes to what has taken its place. */
function inPlace(target: HTMLElement, change: () => void): void {
  const anchor = anchorIn(target);
  const focused = target.contains(document.activeElement) ? document.activeElement : null;
  const around = focused?.closest<HTMLElement>('[id]')?.id;
  // The browser's own way of keeping the place would come on top.
  const { style } = document.documentElement;
  style.setProperty('overflow-anchor', 'none');
  change();
  bringBack(anchor);
  requestAnimationFrame(() => style.removeProperty('overflow-anchor'));
  if (!focused || focused === document.activeElement || !document.hasFocus()) return;
  const successor = focused.isConnected ? focused : around && document.getElementById(around)?.querySelector('button, a[href], summary, input, select');
  if (successor instanceof HTMLElement || successor instanceof SVGElement) successor.focus({ preventScroll: true });
}
