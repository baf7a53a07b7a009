// Plain text for terminals: paths as people know them, colours, and nothing that a terminal would obey.
import { wrapAnsi } from 'fast-wrap-ansi';
import type { Severity } from '../rules/finding';
import type { ReportedFinding } from './reported-finding';
import type { ReportLocation } from './workspace-report';

export interface TextOptions {
  /** Whether to colour by ANSI sequences. */
  readonly color?: boolean;
  /** Folder that paths are shown relative to, where they lie in it. */
  readonly relativeTo?: string;
  /** Columns that prose is wrapped to; 100 by default. */
  readonly width?: number;
  /** The text of source lines, for excerpts; without it there are none. */
  readonly lineOf?: (file: string, line: number) => string | undefined;
}

/** Columns to wrap to where nothing else is said. */
export const WIDTH = 100;

/** A file as a person knows it: relative to `folder` where it lies in it. */
export function displayPath(file: string, folder: string | undefined): string {
  if (!folder) return file;
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return file.startsWith(prefix) ? file.slice(prefix.length) : file;
}

/** `file:line:column`, from 1. */
export function displayPlace(place: ReportLocation, folder: string | undefined): string {
  return `${displayPath(place.file, folder)}:${place.range.start.line + 1}:${place.range.start.column + 1}`;
}

/** Control characters and those that reorder text, which names and sources of a stranger may hold, made visible. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export type Paint = (text: string) => string;

/** Ways to colour; without colour they change nothing. */
export interface Palette {
  readonly bold: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly severity: Readonly<Record<Severity, Paint>>;
}

export function paletteOf(color: boolean | undefined): Palette {
  const paint =
    (on: number, off: number): Paint =>
    (text) =>
      color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: paint(1, 22),
    faint: paint(2, 22),
    good: paint(32, 39),
    severity: { error: paint(31, 39), warning: paint(33, 39), information: paint(36, 39), hint: paint(2, 22) },
  };
}

/** `1 file`, `3 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `2 errors, 1 warning, 4 hints`; `no findings`. */
export function severitySummary(findings: readonly Pick<ReportedFinding, 'severity'>[]): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    [count('error'), 'error', 'errors'],
    [count('warning'), 'warning', 'warnings'],
    [count('information'), 'information', 'information'],
    [count('hint'), 'hint', 'hints'],
  ] as const;
  return parts.flatMap(([number, one, many]) => (number > 0 ? [counted(number, one, many)] : [])).join(', ') || 'no findings';
}

/** A text of several lines made harmless, its further lines pushed in so that it stays one block. */
export function indented(text: string, by: string): string {
  return harmlessLines(text).join(`\n${by}`);
}

/** Text broken between words into lines of at most `width`, each after the first beginning with `indent`. */
export function wrapped(text: string, indent: string, width: number): string {
  return wrapWords(harmlessLines(text), indent, width, indent.length);
}

function harmlessLines(text: string): string[] {
  return text.split(/\r?\n/).map(harmless);
}

/** The same for lines that may hold colours, which take no room. `taken`: columns of the first line that are in use. */
export function wrapWords(paragraphs: readonly string[], indent: string, width: number, taken: number): string {
  const [only = ''] = paragraphs;
  // Most are short, and measuring takes time.
  if (paragraphs.length === 1 && taken + only.length <= width && /^[ -~]*$/.test(only)) return only.trim();
  const columns = Math.max(width - indent.length, 1);
  // What stands in for the columns in use is cut off again.
  const before = Math.max(taken - indent.length, 0);
  const text = wrapAnsi('x'.repeat(before) + paragraphs.join('\n'), columns).slice(before);
  return text.replaceAll('\n', `\n${indent}`);
}
