// Schedules in a terminal: who does what and in which order, in two columns beside each other, ending in the harm.
import { harmless, type Palette, wrapped } from './plain-text';
import type { ReportedFinding, ReportedInterleaving } from './reported-finding';
import { tableLines } from './text-table';

/** Narrower columns cannot be read. */
const NARROWEST = 24;
const LETTERS = ['A', 'B'] as const;
/** A space at which no line is broken. */
const TOGETHER = '\u00a0';

export interface ScheduleOptions {
  readonly width: number;
  readonly palette: Palette;
}

/** The schedule of a finding as lines; none where it has none. */
export function scheduleLines(finding: ReportedFinding, options: ScheduleOptions): string[] {
  const { interleaving } = finding;
  if (!interleaving) return [];
  const { width, palette } = options;
  const steps = interleaving.steps.map(({ side, does, file, range }) => {
    const place = `${file === finding.file ? `line${TOGETHER}` : `${file.slice(file.lastIndexOf('/') + 1)}:`}${range.start.line + 1}`;
    return { side, text: `${harmless(does)} ${palette.faint(`(${harmless(place)})`)}` };
  });
  const end = wrapped(interleaving.outcome, '', width).split('\n').map(palette.severity.error);
  const column = Math.floor((width - 3) / 2);
  const isNarrow = interleaving.sides.length === 1 || column < NARROWEST;
  const lines = isNarrow ? oneByOne(interleaving, steps, options) : besideEachOther(interleaving, steps, column, palette);
  return [...lines.map((line) => line.replaceAll(TOGETHER, ' ')), ...end];
}

interface Step {
  readonly side: 0 | 1;
  readonly text: string;
}

function besideEachOther({ sides }: ReportedInterleaving, steps: readonly Step[], column: number, palette: Palette): string[] {
  const head = sides.map((side) => palette.bold(harmless(side)));
  const rows = steps.map(({ side, text }) => (side === 0 ? [text, ''] : ['', text]));
  return tableLines([head, ...rows], { widths: [column, column], between: palette.faint(' │ ') });
}

/** Step after step, each with the letter of its side, for terminals without room for two columns. */
function oneByOne({ sides }: ReportedInterleaving, steps: readonly Step[], { width, palette }: ScheduleOptions): string[] {
  const heads = sides.map((side, index) => wrapped(sides.length === 1 ? side : `${LETTERS[index]}: ${side}`, '   ', width)).flatMap((text) => text.split('\n'));
  const rows = steps.map(({ side, text }, index) => [sides.length === 1 ? String(index + 1) : LETTERS[side], text]);
  return [...heads.map(palette.bold), ...tableLines(rows, { widths: [2, Math.max(width - 3, 1)], between: ' ' })];
}
