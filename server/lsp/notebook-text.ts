// The text of a notebook as one module: its code cells in order, without what only IPython understands, and the way back to the cells.
import type { Position, Range, TextEdit } from 'vscode-languageserver';

export interface Cell {
  readonly uri: string;
  readonly text: string;
}

/** Cell magics whose body is Python; what follows any other is not, or runs elsewhere. */
const PYTHON_MAGICS = new Set(['time', 'timeit', 'capture', 'prun']);
/** A line that IPython takes as a command: `%matplotlib inline`, `!ls`, `?name`, `name?`. */
const COMMAND = /^([ \t]*)(?:(?:%[A-Za-z_]|!|\?).*|[\w.]+\?{1,2}[ \t]*)$/;
/** What a command gives is kept in a variable. */
const ASSIGNED_COMMAND = /^([ \t]*[\w., \t]+=[ \t]*)(?:%[A-Za-z_]|!).*$/;
/** An expression without effect that may stand in for any of them. */
const STAND_IN = '0';

/** A cell, or what of it is Python. */
interface Part {
  readonly uri: string;
  /** The first line that is taken, in the cell; and where it stands in the whole. */
  readonly from: number;
  readonly start: number;
  /** As they are analysed. */
  readonly lines: readonly string[];
  /** Lines of the whole with something that is only stood in for. */
  readonly commands: ReadonlySet<number>;
}

/** Never changes; a new text is a new one. Lines and columns of a cell and of the whole differ by lines only. */
export class NotebookText {
  readonly text: string;
  private readonly parts: readonly Part[];

  constructor(cells: readonly Cell[]) {
    const parts: Part[] = [];
    const lines: string[] = [];
    for (const cell of cells) {
      const from = pythonFrom(cell.text);
      if (from === undefined) continue;
      // Between cells stands a line that no cell has, so that what belongs to the end of one and to the start of the next are told apart.
      if (parts.length > 0) lines.push(`# %% ${parts.length + 1}`);
      const start = lines.length;
      const { own, commands } = withoutCommands(cell.text.split(/\r\n|\r|\n/).slice(from));
      lines.push(...own);
      parts.push({ uri: cell.uri, from, start, lines: own, commands: new Set(commands.map((line) => start + line)) });
    }
    this.text = lines.join('\n');
    this.parts = parts;
  }

  /** Where a position of a cell is in the whole; undefined where the cell is not analysed there. */
  toWhole(uri: string, { line, character }: Position): Position | undefined {
    const part = this.parts.find((candidate) => candidate.uri === uri);
    if (!part || line < part.from) return undefined;
    return { line: part.start + line - part.from, character };
  }

  /** The cell in which a range of the whole begins, and the range there, cut off at the cell's end. */
  toCell(range: Range): { readonly uri: string; readonly range: Range } | undefined {
    const part = this.partOf(range.start.line);
    if (!part) return undefined;
    const isInside = range.end.line < part.start + part.lines.length;
    return { uri: part.uri, range: { start: inCell(part, range.start), end: isInside ? inCell(part, range.end) : inCell(part, endOf(part)) } };
  }

  /** An edit of the whole as one of a cell; undefined where it concerns more than one cell, or what is only stood in for. */
  editInCell({ range, newText }: TextEdit): { readonly uri: string; readonly edit: TextEdit } | undefined {
    const { start, end } = range;
    // A command is not what the analysis saw, so that only whole lines above or below it may change.
    const keepsLine = end.character === 0 && (/[\r\n]$/.test(newText) || (newText === '' && start.character === 0));
    const touchesCommand = ({ commands }: Part) => [...commands].some((line) => start.line <= line && line <= end.line && !(line === end.line && keepsLine));
    const part = this.partOf(start.line) ?? this.partOf(start.line - 1);
    if (!part || touchesCommand(part)) return undefined;
    const behind = part.start + part.lines.length;
    const toCell = (from: Position, to: Position, text: string) => ({
      uri: part.uri,
      edit: { range: { start: inCell(part, from), end: inCell(part, to) }, newText: text },
    });
    if (end.line < behind) return toCell(start, end, newText);
    // Up to the line between two cells: the line end before it is not the cell's, so the edit has to do without one.
    if (end.line > behind || end.character > 0) return undefined;
    const last = endOf(part);
    const ending = /(?:\r\n|\r|\n)$/.exec(newText)?.[0];
    if (newText !== '' && ending === undefined) return undefined;
    if (start.line === behind) return newText === '' ? undefined : toCell(last, last, `\n${newText.slice(0, -(ending ?? '').length)}`);
    if (newText !== '') return toCell(start, last, newText.slice(0, -(ending ?? '').length));
    const isWholeLines = start.character === 0 && start.line > part.start;
    return toCell(isWholeLines ? { line: start.line - 1, character: part.lines[start.line - 1 - part.start].length } : start, last, '');
  }

  private partOf(line: number): Part | undefined {
    return this.parts.find(({ start, lines }) => start <= line && line < start + lines.length);
  }
}

/** The first line of a cell that is Python; undefined for a cell in which none is. */
function pythonFrom(text: string): number | undefined {
  const [, before, magic] = /^((?:[ \t]*(?:\r\n|\r|\n))*)[ \t]*%%(\w*)/.exec(text) ?? [];
  if (before === undefined) return 0;
  if (!PYTHON_MAGICS.has(magic)) return undefined;
  return before.split(/\r\n|\r|\n/).length;
}

/** The lines with every command stood in for, at the same length, and which lines those are. */
function withoutCommands(lines: readonly string[]): { readonly own: string[]; readonly commands: number[] } {
  const commands: number[] = [];
  let quote: string | undefined;
  let goesOn = false;
  const own = lines.map((line, index) => {
    const kept = goesOn ? '' : quote === undefined && (ASSIGNED_COMMAND.exec(line) ?? COMMAND.exec(line))?.[1];
    if (typeof kept !== 'string') {
      for (const [found] of line.matchAll(/"""|'''/g)) quote = quote === undefined ? found : quote === found ? undefined : quote;
      return line;
    }
    commands.push(index);
    const isFirst = !goesOn;
    goesOn = line.endsWith('\\');
    return (isFirst ? kept + STAND_IN : '').padEnd(line.length);
  });
  return { own, commands };
}

function endOf({ start, lines }: Part): Position {
  return { line: start + lines.length - 1, character: lines[lines.length - 1].length };
}

function inCell({ start, from }: Part, { line, character }: Position): Position {
  return { line: line - start + from, character };
}
