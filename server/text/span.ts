// Spans: where something stands in a source text.

/** A half-open range of UTF-16 offsets into a source text: `start` included, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Tells whether `offset` lies in `span`; the end counts, so that a caret just behind a word is on it. */
export function spanContains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** Tells whether the two spans share at least one character. */
export function spansOverlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
