// What pages say to the extension: which place or card to open. Types, and the check of what arrives.

/** A place in a source file; line and column from 0. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place in a message from the page; undefined for everything else, for the page is not trusted. */
export function parsePlace(message: unknown): Place | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { file, line, column } = message as Record<string, unknown>;
  if (typeof file !== 'string' || !isCount(line) || !isCount(column)) return undefined;
  return { file, line, column };
}

/** The card in a message from the page, or `back`; undefined for everything else. */
export function parseCardRequest(message: unknown): { readonly card: string } | 'back' | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { card, back } = message as Record<string, unknown>;
  if (back === true) return 'back';
  return typeof card === 'string' ? { card } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
