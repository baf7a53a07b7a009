// The filters of the report page: a form says by words, choices and flags which rows of a list are shown.

/** What can be filtered: findings, and the row groups of tables. */
const ROWS = 'article.finding, .rows > tbody';

/** Texts of rows in small letters, which are long and looked through at every key. */
let texts = new WeakMap<HTMLElement, string>();

/** Brings the filters to life. A link with `data-filter` sets the control of that name. */
export function startFilters(): void {
  document.addEventListener('input', ({ target }) => {
    const form = target instanceof Element && target.closest<HTMLFormElement>('form[data-filters]');
    if (form) apply(form);
  });
  document.addEventListener('submit', (event) => event.preventDefault());
  // The controls are empty only after the event.
  document.addEventListener('reset', ({ target }) => setTimeout(() => target instanceof HTMLFormElement && apply(target)));
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element && target.closest<HTMLElement>('[data-filter]');
    if (link) choose(link.dataset['filter'] ?? '', link.dataset['value'] ?? '');
  });
  document.addEventListener('lockset:refreshed', applyAll);
  applyAll();
}

/** Makes the filter of an element's list forget what it asks for, if that hides the element. */
export function unhide(element: Element): void {
  const row = element.closest<HTMLElement>(ROWS);
  if (!row?.hidden) return;
  for (const form of forms()) if (listOf(form)?.contains(row)) form.reset();
  row.hidden = false;
}

function applyAll(): void {
  texts = new WeakMap();
  for (const form of forms()) {
    form.hidden = false;
    apply(form);
  }
}

function forms(): NodeListOf<HTMLFormElement> {
  return document.querySelectorAll<HTMLFormElement>('form[data-filters]');
}

function listOf(form: HTMLFormElement): HTMLElement | null {
  return document.getElementById(form.dataset['filters'] ?? '');
}

function choose(name: string, value: string): void {
  const form = document.querySelector<HTMLFormElement>('form[data-filters="finding-list"]');
  if (!form) return;
  form.reset();
  const control = form.querySelector<HTMLInputElement | HTMLSelectElement>(`select[name="${name}"], input[name="${name}"][value="${value}"]`);
  if (control instanceof HTMLSelectElement) control.value = value;
  else if (control) control.checked = true;
  control?.dispatchEvent(new Event('input', { bubbles: true }));
}

function apply(form: HTMLFormElement): void {
  const rows = [...(listOf(form)?.querySelectorAll<HTMLElement>(ROWS) ?? [])];
  const isShown = conditionOf(form);
  let shown = 0;
  for (const row of rows) {
    const isHidden = !isShown(row);
    // Setting it to what it is would cost as much as a change.
    if (row.hidden !== isHidden) row.hidden = isHidden;
    if (!isHidden) shown++;
  }
  const said = form.querySelector('output');
  if (said) said.textContent = `${shown} of ${rows.length} ${rows.length === 1 ? said.dataset['one'] : said.dataset['many']} shown`;
}

function conditionOf(form: HTMLFormElement): (row: HTMLElement) => boolean {
  const data = new FormData(form);
  const words = String(data.get('words') ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean);
  const flags = data.getAll('flags').map(String);
  const severities = form.querySelector('[name=severity]') ? data.getAll('severity') : undefined;
  const chosen = ['family', 'rule', 'folder'].flatMap((name) => (data.get(name) ? [[name, String(data.get(name))] as const] : []));
  return (row) =>
    (severities?.includes(row.dataset['severity'] ?? '') ?? true) &&
    // A folder may have spaces in its name; several families are one choice.
    chosen.every(([name, value]) => (name === 'family' ? value.split(' ').includes(row.dataset[name] ?? '') : value === row.dataset[name])) &&
    flags.every((flag) => row.dataset['flags']?.split(' ').includes(flag)) &&
    (words.length === 0 || words.every((word) => textOf(row).includes(word)));
}

function textOf(row: HTMLElement): string {
  let text = texts.get(row);
  if (text === undefined) texts.set(row, (text = row.textContent?.toLowerCase() ?? ''));
  return text;
}
