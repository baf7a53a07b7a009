// Sorting of the report page's tables: a press on a column's heading sorts by it, a second one the other way round, a third one not at all.

type Direction = 'ascending' | 'descending';

/** The rows of tables as the page gives them. */
let given = new WeakMap<HTMLTableElement, readonly HTMLTableSectionElement[]>();

/** Makes buttons of the headings of columns that can be sorted by, also after the page was refreshed. */
export function startSorting(): void {
  document.addEventListener('click', ({ target }) => {
    const head = target instanceof Element && target.closest('button') && target.closest<HTMLTableCellElement>('th[data-sort]');
    if (head && head.closest('thead')) turn(head);
  });
  document.addEventListener('lockset:refreshed', addButtons);
  addButtons();
}

function addButtons(): void {
  given = new WeakMap();
  for (const head of document.querySelectorAll<HTMLTableCellElement>('thead th[data-sort]')) {
    if (!head.querySelector('button')) head.replaceChildren(Object.assign(document.createElement('button'), { type: 'button', textContent: head.textContent }));
    const direction = head.getAttribute('aria-sort');
    if (direction === 'ascending' || direction === 'descending') sort(head, direction);
  }
}

function turn(head: HTMLTableCellElement): void {
  const before = head.getAttribute('aria-sort');
  for (const other of head.parentElement?.children ?? []) other.removeAttribute('aria-sort');
  const next = before === null ? 'ascending' : before === 'ascending' ? 'descending' : undefined;
  if (next) head.setAttribute('aria-sort', next);
  sort(head, next);
}

function sort(head: HTMLTableCellElement, direction: Direction | undefined): void {
  const table = head.closest('table');
  if (!table) return;
  let rows = given.get(table);
  if (!rows) given.set(table, (rows = [...table.tBodies]));
  const isNumber = head.dataset['sort'] === 'number';
  const keyOf = (row: HTMLTableSectionElement) => row.rows[0]?.cells[head.cellIndex]?.dataset['sort'] ?? '';
  const compare = (a: string, b: string) => (isNumber ? Number(a) - Number(b) : a.localeCompare(b, undefined, { numeric: true }));
  const sign = direction === 'descending' ? -1 : 1;
  const sorted = direction ? rows.map((row) => ({ row, key: keyOf(row) })).sort((a, b) => sign * compare(a.key, b.key)) : rows.map((row) => ({ row }));
  table.append(...sorted.map(({ row }) => row));
}
