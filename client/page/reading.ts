// Finding one's way in the report page: where one is, what a link leads to, opening and closing all, and printing.
import { unhide } from './filters';

/** Begins to help. */
export function startReading(): void {
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const link = target.closest<HTMLAnchorElement>('a[href^="#"]');
    if (link) reveal(link.hash);
    const button = target.closest<HTMLElement>('[data-open]');
    if (button) openAll(button);
  });
  window.addEventListener('hashchange', () => reveal(location.hash));
  window.addEventListener('beforeprint', openForPrint);
  window.addEventListener('afterprint', closeAfterPrint);
  document.addEventListener('lockset:refreshed', watchSections);
  watchSections();
  if (location.hash.length > 1) {
    reveal(location.hash);
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }
}

/** Opens what the target of a link stands in, so that the browser finds it there. */
function reveal(hash: string): void {
  const target = document.getElementById(hash.slice(1));
  if (!target) return;
  unhide(target);
  const own = target.querySelector<HTMLDetailsElement>(':scope > details');
  if (own) own.open = true;
  for (let around = target.closest('details'); around; around = around.parentElement?.closest('details') ?? null) around.open = true;
}

function openAll(button: HTMLElement): void {
  const list = document.getElementById(button.closest('form')?.dataset['filters'] ?? '');
  for (const details of list?.querySelectorAll<HTMLDetailsElement>('article:not([hidden]) > details') ?? []) details.open = button.dataset['open'] === 'all';
}

let observer: IntersectionObserver | undefined;

/** Marks in the navigation the section that is being read. */
function watchSections(): void {
  observer?.disconnect();
  const links = new Map([...document.querySelectorAll<HTMLAnchorElement>('nav.sections a')].map((link) => [link.hash.slice(1), link]));
  observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const link = links.get(target.id);
        if (!link) continue;
        if (isIntersecting) markCurrent(link);
        else link.removeAttribute('aria-current');
      }
    },
    // The line a quarter down the view is in one section at most.
    { rootMargin: '-25% 0px -75% 0px' },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) observer.observe(section);
  }
}

/** On a narrow page the links are a line that is longer than the page. */
function markCurrent(link: HTMLAnchorElement): void {
  link.setAttribute('aria-current', 'true');
  const line = link.closest('ul');
  if (line) line.scrollLeft = link.offsetLeft - (line.clientWidth - link.offsetWidth) / 2;
}

let closed: readonly HTMLDetailsElement[] = [];

/** On paper nothing opens any more. What the map is as a list stands in the other sections. */
function openForPrint(): void {
  closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open], .map *)')];
  for (const details of closed) details.open = true;
  const printed = document.getElementById('printed');
  if (printed) printed.textContent = ` Printed on ${new Date().toLocaleDateString()}.`;
}

function closeAfterPrint(): void {
  for (const details of closed) details.open = false;
  closed = [];
}
