// Text layout: how a file indents and ends its lines, so that edits look as if its author had made them.
import type { Span } from '../text/span';

export interface Layout {
  /** The white space before the statement. */
  readonly indent: string;
  /** One level of indentation. */
  readonly unit: string;
  readonly lineEnd: string;
}

/** The layout at a statement; undefined when the statement does not begin its line. */
export function layoutOf(text: string, statement: Span): Layout | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', statement.start - 1), text.lastIndexOf('\r', statement.start - 1)) + 1;
  const indent = text.slice(lineStart, statement.start).replace(/^\uFEFF/, '');
  if (/\S/.test(indent)) return undefined;
  return { indent, unit: unitOf(text), lineEnd: lineEndOf(text) };
}

/** The line end that a file uses. */
export function lineEndOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/** The indentation that a file's first indented line shows; four spaces where there is none. */
export function unitOf(text: string): string {
  return /^(?:\t| {2,8})(?=\S)/m.exec(text)?.[0] ?? '    ';
}

/**
 * The text of a span with every line but the first one level deeper; undefined where that would change what it means,
 * because a string goes over several lines.
 */
export function indentLines(text: string, span: Span, layout: Layout): string | undefined {
  const body = text.slice(span.start, span.end);
  if (/'''|"""|`|\\\r?\n/.test(body)) return undefined;
  return body.replace(/(\r\n|\n|\r)(?=[^\r\n])/g, `$1${layout.unit}`);
}
