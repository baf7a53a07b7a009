// Main guard in Python: what a program does at import, from its first start of a process on, goes under `if __name__ == "__main__":`.
import type { Program } from '../../summary/program';
import { Field, Kind } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import type { Span } from '../../text/span';
import { type FixPlan, inFile, insertion, type PythonPlace, type PythonSource, replacement } from '../fix';
import { freshName, indentOf, lineEndOf, lineTailOf, nextLineOf, quoteOf, unitOf } from '../layout';
import { contains, followingOf, nested, ownsItsLines } from './blocks';
import { type MainSplit, sharesWithChildren } from './main-guard-names';
import { isImported, splitAt } from './main-guard-split';
import { commentsAbove } from './module-statements';
import { boundNames, meets, namesIn } from './names';

/** Moves what starts processes and what follows with effects; definitions, imports and constants that functions use stay. */
export function guardMain(at: PythonPlace, program: Program): FixPlan | undefined {
  const { source } = at;
  const split = splitAt(source, at.span);
  if (!split || isImported(at.file, program) || sharesWithChildren(source.tree.root, split)) return undefined;
  const { moved, guard } = split;
  if (moved.some((statement) => !ownsItsLines(source, statement))) return undefined;
  if (guard) {
    const body = guard.child(Field.consequence)?.children[0];
    if (!body || !ownsItsLines(source, body)) return undefined;
    const unit = unitOf(source.text);
    if (indentOf(source.text, body.start) !== unit) return undefined;
    const start = nextLineOf(source.text, guard.child(Field.condition)!.end);
    const text = `${unit}${gathered(source, runsOf(split, source))}${lineEndOf(source.text)}`;
    return planOf(at.file, 'Move it under the main guard that is there', [...removals(source, split), insertion(start, text)]);
  }
  const isLong = moved.length > MOST_IN_A_GUARD && mayBeLocal(source, split);
  const title = isLong ? 'Put it into main(), which is called under if __name__ == "__main__"' : 'Put it under if __name__ == "__main__"';
  const head = isLong ? 'def main():' : guardLine(source);
  const [unit, end] = [unitOf(source.text), lineEndOf(source.text)];
  const tail = isLong ? `${end}${end}${end}${guardLine(source)}${end}${unit}main()` : '';
  const following = followingOf(moved[0]);
  if (following.every((statement) => moved.includes(statement))) {
    const span = { start: moved[0].start, end: lineTailOf(source.text, moved.at(-1)!.end) };
    const newText = `${isLong ? blankLinesBefore(source, span.start) : ''}${head}${end}${unit}${nested(source, span)}${tail}`;
    return planOf(at.file, title, [replacement(span, newText)]);
  }
  const behind = lineTailOf(source.text, following.at(-1)!.end);
  const block = `${end}${end}${end}${head}${end}${unit}${gathered(source, runsOf(split, source))}${tail}`;
  return planOf(at.file, title, [...removals(source, split).map((edit) => within(edit, behind)), insertion(behind, block)]);
}

/** With more statements than that they get a function of their own. */
const MOST_IN_A_GUARD = 8;

/** Whether the moved statements mean the same in a function, where what they bind is local. */
function mayBeLocal({ tree: { root }, text }: PythonSource, { moved }: MainSplit): boolean {
  const bound = new Set(moved.flatMap((statement) => [...boundNames(statement)]));
  const others = root.children.filter((statement) => !moved.includes(statement));
  if (freshName(text, 'main') !== 'main' || bound.has('*') || others.some((statement) => meets(namesIn(statement), bound))) return false;
  if (moved.some(({ text }) => /\b(?:globals|locals|vars|exec|eval|__main__)\b/.test(text))) return false;
  // Definitions inside would be local ones, which no other process can find.
  return !moved.some((statement) => contains(statement, Kind.functionDefinition, Kind.classDefinition, Kind.globalStatement, Kind.lambda));
}

function guardLine({ text }: PythonSource): string {
  return `if __name__ == ${quoteOf(text)}__main__${quoteOf(text)}:`;
}

/** Runs of moved statements with nothing else between them, each from its comment to the end of its last line. */
function runsOf({ moved, kept, guard }: MainSplit, source: PythonSource): Span[] {
  const runs: { start: number; end: number }[] = [];
  for (const [i, statement] of moved.entries()) {
    const end = lineTailOf(source.text, statement.end);
    const isSplit = [...kept, ...(guard ? [guard] : [])].some((each) => i > 0 && moved[i - 1].end <= each.start && each.end <= statement.start);
    if (i > 0 && !isSplit) runs.at(-1)!.end = end;
    else runs.push({ start: commentsAbove(source, statement), end });
  }
  return runs;
}

function gathered(source: PythonSource, runs: readonly Span[]): string {
  const end = lineEndOf(source.text);
  return runs.map((run) => nested(source, run)).join(`${end}${unitOf(source.text)}`);
}

function removals(source: PythonSource, split: MainSplit): TextEdit[] {
  const { text } = source;
  return runsOf(split, source).map(({ start, end }) => {
    // Of the blank lines on both sides the wider gap stays.
    const before = /(?:\r\n|\n|\r)((?:[ \t]*(?:\r\n|\n|\r))*)$/.exec(text.slice(0, start))?.[1] ?? '';
    const after = /^(?:\r\n|\n|\r)((?:[ \t]*(?:\r\n|\n|\r))*)/.exec(text.slice(end)) ?? ['', ''];
    const span =
      after[1].length > before.length ? { start: start - before.length, end: end + after[0].length - after[1].length } : { start, end: end + after[0].length };
    return replacement(span, '');
  });
}

/** A removal must not reach into what is put behind the last statement. */
function within({ span, newText }: TextEdit, most: number): TextEdit {
  return { span: { start: Math.min(span.start, most), end: Math.min(span.end, most) }, newText };
}

function blankLinesBefore({ text }: PythonSource, start: number): string {
  const before = /(?:[ \t]*(?:\r\n|\n|\r))*$/.exec(text.slice(0, start))?.[0] ?? '';
  const missing = start === 0 || /^\s*$/.test(text.slice(0, start)) ? 0 : Math.max(0, 3 - before.split(/\r\n|\n|\r/).length + 1);
  return lineEndOf(text).repeat(missing);
}

function planOf(file: string, title: string, edits: readonly TextEdit[]): FixPlan {
  return { title, edits: inFile(file, edits) };
}
