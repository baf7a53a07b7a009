// Tables in a terminal: columns that line up, without frames.
import Table from 'cli-table3';
import { wrapAnsi } from 'fast-wrap-ansi';

const NO_FRAME = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
] as const;

export interface TableOptions {
  /** Columns of the terminal for each column of the table; without them each is as wide as it needs. */
  readonly widths?: readonly number[];
  /** What stands between two columns. */
  readonly between?: string;
  /** Columns, from 0, that hold numbers. */
  readonly numbers?: readonly number[];
}

/** The lines of a table. Cells may hold colours and are wrapped between words; everything else in them has to be harmless already. */
export function tableLines(rows: readonly (readonly string[])[], { widths, between = '  ', numbers = [] }: TableOptions = {}): string[] {
  if (rows.length === 0) return [];
  const table = new Table({
    chars: { ...Object.fromEntries(NO_FRAME.map((name) => [name, ''])), middle: between },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: rows[0].map((_, index) => (numbers.includes(index) ? 'right' : 'left')),
    ...(widths && { colWidths: [...widths] }),
  });
  for (const row of rows) {
    // Wrapped here, as the table would cut off long words; and a row for each line, as it is slow with cells of several.
    const cells = row.map((cell, index) => (widths ? wrapAnsi(cell, widths[index], { hard: true }) : cell).split('\n'));
    for (let line = 0; line < Math.max(...cells.map(({ length }) => length)); line++) table.push(cells.map((lines) => lines[line] ?? ''));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
