// Source texts with their line maps, for turning spans into positions.
import { applyEdits } from '../text/edit';
import { LineMap } from '../text/line-map';
import type { Span } from '../text/span';
import type { Range, ReportedEdit } from './reported-finding';

/** A source text with its line map. */
export interface SourceText {
  readonly text: string;
  readonly lines: LineMap;
}

/** Makes source texts on demand and keeps them for one round of reporting. */
export function sourceTexts(textOf: (file: string) => string | undefined): (file: string) => SourceText {
  const known = new Map<string, SourceText>();
  return (file) => {
    let source = known.get(file);
    if (!source) {
      const text = textOf(file) ?? '';
      known.set(file, (source = { text, lines: new LineMap(text) }));
    }
    return source;
  };
}

/** Reads single lines (from 0) of texts, without their ends; undefined for what is not there. */
export function lineReader(textOf: (file: string) => string | undefined): (file: string, line: number) => string | undefined {
  const sourceOf = sourceTexts(textOf);
  return (file, line) => {
    if (textOf(file) === undefined) return undefined;
    const { text, lines } = sourceOf(file);
    if (line >= lines.lineCount) return undefined;
    const { start, end } = lines.lineSpan(line);
    return text.slice(start, end);
  };
}

/** A span of a text as a range of positions. */
export function rangeOf(source: SourceText, span: Span): Range {
  return { start: source.lines.positionAt(span.start), end: source.lines.positionAt(span.end) };
}

/** A text after all edits, which refer to it as it is and must not overlap (a RangeError says so). */
export function applyReportedEdits(text: string, edits: readonly ReportedEdit[]): string {
  const lines = new LineMap(text);
  const spanOf = ({ start, end }: Range) => ({ start: lines.offsetAt(start), end: lines.offsetAt(end) });
  return applyEdits(
    text,
    edits.map(({ range, newText }) => ({ span: spanOf(range), newText })),
  );
}
