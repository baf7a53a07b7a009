// What a person has done to the page, kept while its view is hidden and over a reload: what is in view, open details, what
// controls hold, and the focus.
import { type Anchor, anchorIn, bringBackSlowly } from './anchor';
import { recall, remember } from './host';

interface Kept {
  /** What was in view; absent at the top of the page. */
  readonly anchor?: Anchor;
  /** Details by id: whether they are open. */
  readonly open: Readonly<Record<string, boolean>>;
  /** Controls by id: what they hold. */
  readonly values: Readonly<Record<string, string | boolean>>;
  readonly focus: string;
}

let kept: Kept = read(recall('page'));
/** What has not been put back yet: a report that is still being made does not have everything. */
const missing = { open: new Map(Object.entries(kept.open)), values: new Map(Object.entries(kept.values)), anchor: kept.anchor, focus: kept.focus };

/** Begins to keep. */
export function keepState(): void {
  const keep = (change: Partial<Kept>) => {
    kept = { ...kept, ...change };
    remember('page', kept);
  };
  document.addEventListener('scrollend', () => missing.anchor === undefined && keep({ anchor: anchorIn(document.body) }), { passive: true });
  document.addEventListener('click', ({ target }) => {
    const details = target instanceof Element && target.closest('summary')?.parentElement;
    // It has not been opened or closed yet.
    if (details instanceof HTMLDetailsElement && details.id) keep({ open: { ...kept.open, [details.id]: !details.open } });
  });
  document.addEventListener('input', ({ target }) => {
    if (isControl(target) && target.id) keep({ values: { ...kept.values, [target.id]: valueOf(target) } });
  });
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.id) keep({ focus: target.id });
  });
  // Who moves on by themselves wants to be there.
  for (const type of ['wheel', 'keydown', 'pointerdown']) {
    document.addEventListener(type, () => Object.assign(missing, { anchor: undefined, focus: '' }), { passive: true, capture: true });
  }
}

/** Puts back what was kept, as far as the page has it; to be called whenever it has other contents. */
export function restoreState(): void {
  for (const [id, isOpen] of missing.open) {
    const details = document.getElementById(id);
    if (!(details instanceof HTMLDetailsElement)) continue;
    details.open = isOpen;
    missing.open.delete(id);
  }
  for (const [id, value] of missing.values) {
    const control = document.getElementById(id);
    if (isControl(control) && putBack(control, value)) missing.values.delete(id);
  }
  if (missing.anchor && document.getElementById(missing.anchor.id)) {
    bringBackSlowly(missing.anchor);
    missing.anchor = undefined;
  }
  // A view that is not being used must not take the keyboard from the editor.
  const focused = missing.focus && document.hasFocus() && document.getElementById(missing.focus);
  if (!focused) return;
  focused.focus({ preventScroll: true });
  missing.focus = '';
}

/** False where a choice does not have the value. */
function putBack(control: Control, value: string | boolean): boolean {
  if (valueOf(control) === value) return true;
  if (control instanceof HTMLInputElement && typeof value === 'boolean') control.checked = value;
  else control.value = String(value);
  if (valueOf(control) !== value) return false;
  // Whoever filters by it hears of it as if it had been typed.
  control.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
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
  const { anchor, open = {}, values = {}, focus = '' } = (value ?? {}) as Partial<Kept>;
  return { anchor, open, values, focus };
}
