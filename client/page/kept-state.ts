// What a person has done to the page, kept while its view is hidden and over a reload: scroll position, open details, what
// controls hold, and the focus.
import { recall, remember } from './host';

interface Kept {
  readonly scroll: number;
  /** Details by id: whether they are open. */
  readonly open: Readonly<Record<string, boolean>>;
  /** Controls by id: what they hold. */
  readonly values: Readonly<Record<string, string | boolean>>;
  readonly focus: string;
}

let kept: Kept = read(recall('page'));
let isRestored = false;

/** Begins to keep. What is changed before the page has content is not a person's doing. */
export function keepState(): void {
  const keep = (change: Partial<Kept>) => {
    if (!isRestored) return;
    kept = { ...kept, ...change };
    remember('page', kept);
  };
  // Once scrolling has ended.
  document.addEventListener('scrollend', () => keep({ scroll: window.scrollY }), { passive: true });
  // `toggle` does not bubble.
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.id) keep({ open: { ...kept.open, [target.id]: target.open } });
    },
    { capture: true },
  );
  document.addEventListener('input', ({ target }) => {
    if (isControl(target) && target.id) keep({ values: { ...kept.values, [target.id]: valueOf(target) } });
  });
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.id) keep({ focus: target.id });
  });
}

/** Puts the page back into the state that was kept; to be called once, when it has content for the first time. */
export function restoreState(): void {
  if (isRestored) return;
  for (const [id, isOpen] of Object.entries(kept.open)) {
    const details = document.getElementById(id);
    if (details instanceof HTMLDetailsElement) details.open = isOpen;
  }
  for (const [id, value] of Object.entries(kept.values)) {
    const control = document.getElementById(id);
    if (!isControl(control) || valueOf(control) === value) continue;
    if (control instanceof HTMLInputElement && typeof value === 'boolean') control.checked = value;
    else control.value = String(value);
    // Whoever filters by it hears of it as if it had been typed.
    for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }));
  }
  window.scrollTo({ top: kept.scroll, behavior: 'instant' });
  // A view that is not being used must not take the keyboard from the editor.
  if (document.hasFocus() && kept.focus !== '') document.getElementById(kept.focus)?.focus({ preventScroll: true });
  isRestored = true;
}

type Control = HTMLInputElement | HTMLSelectElement;

function isControl(target: EventTarget | null): target is Control {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

function valueOf(control: Control): string | boolean {
  return control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio') ? control.checked : control.value;
}

/** An older version of the page may have kept something else. */
function read(value: unknown): Kept {
  const { scroll = 0, open = {}, values = {}, focus = '' } = (value ?? {}) as Partial<Kept>;
  return { scroll, open, values, focus };
}
