// Layout: how a file indents and ends its lines, so that edits look as if its author had made them.
import type { TextEdit } from '../text/edit';
import type { Span } from '../text/span';
import { insertion } from './fix';

/** The offset at which the line of an offset begins. */
export function lineStartOf(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The offset at which the line of an offset ends, before its line end. */
export function lineTailOf(text: string, offset: number): number {
  const found = /[\r\n]/g;
  found.lastIndex = offset;
  return found.exec(text)?.index ?? text.length;
}

/** Where the line behind that of an offset begins; the end of the text where there is none. */
export function nextLineOf(text: string, offset: number): number {
  const tail = lineTailOf(text, offset);
  return text.startsWith('\r\n', tail) ? tail + 2 : Math.min(tail + 1, text.length);
}

/** The whole lines that a span stands on, with the end of the last. */
export function linesOf(text: string, { start, end }: Span): Span {
  return { start: lineStartOf(text, start), end: nextLineOf(text, end) };
}

/** The white space before what begins at an offset; undefined where something else stands before it on its line. */
export function indentOf(text: string, offset: number): string | undefined {
  const indent = text.slice(lineStartOf(text, offset), offset).replace(/^\uFEFF/, '');
  return /\S/.test(indent) ? undefined : indent;
}

/** The white space with which the line of an offset begins. */
export function lineIndentOf(text: string, offset: number): string {
  return /^[ \t\f]*/.exec(text.slice(lineStartOf(text, offset)).replace(/^\uFEFF/, ''))?.[0] ?? '';
}

/** The line end that a file uses. */
export function lineEndOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/**
 * One level of indentation, as a file's first indented line shows it; four spaces where there is none. `beside` is the
 * indentation next to which it goes: a file may have tabs in one part and spaces in another.
 */
export function unitOf(text: string, beside = ''): string {
  if (beside.startsWith('\t')) return '\t';
  const unit = /^(?:\t| {2,8})(?=[^\s*])/m.exec(text)?.[0] ?? '    ';
  return beside !== '' && unit === '\t' ? '    ' : unit;
}

/** Whether a line is indented with tabs in a file of spaces, or the other way round: who reads it decides what is deeper than what. */
export function mixesTabs(text: string, indent: string): boolean {
  return indent !== '' && indent.includes('\t') !== unitOf(text).includes('\t');
}

/** An edit that puts lines below those of a span, as far in as its first. */
export function below(text: string, span: Span, ...lines: readonly string[]): TextEdit {
  const [end, indent] = [lineEndOf(text), lineIndentOf(text, span.start)];
  return insertion(lineTailOf(text, span.end), lines.map((line) => `${end}${indent}${line}`).join(''));
}

/**
 * The text of a span with every line but the first moved: `from`, where a line begins with it, becomes `to`. Lines that begin
 * inside one of the `frozen` spans (strings of several lines) stay as they are, since white space is part of what they say.
 */
export function reindented(text: string, span: Span, from: string, to: string, frozen: readonly Span[]): string {
  return text.slice(span.start, span.end).replace(/(\r\n|\n|\r)([^\r\n]*)/g, (all, end: string, line: string, at: number) => {
    const start = span.start + at + end.length;
    if (line.trim() === '' || frozen.some((each) => each.start < start && start <= each.end)) return all;
    if (line.startsWith(from)) return `${end}${to}${line.slice(from.length)}`;
    // A continued line may stand further left than the statement that it belongs to.
    return all;
  });
}

/** The quotes that a file prefers. */
export function quoteOf(text: string): string {
  return (text.match(/'/g)?.length ?? 0) > (text.match(/"/g)?.length ?? 0) ? "'" : '"';
}

/** `wanted`, or with a number behind it where the text has that word already. */
export function freshName(text: string, wanted: string): string {
  let name = wanted;
  for (let i = 2; new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text); i++) name = `${wanted}${i}`;
  return name;
}
