// Silencing a finding: the comment that allows it on its line or in its whole file, as an edit with room for a reason.
import type { TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What stands in a comment: `lockset: allow(a, b)` or `lockset: allow-file(a)`. */
const ALLOW = /lockset:[ \t]*allow\(([^()]*)\)/;
const ALLOW_FILE = /lockset:[ \t]*allow-file\(([^()]*)\)/;

/** An edit, and the same with a placeholder where a person says why. */
export interface Silencing {
  readonly edit: TextEdit;
  readonly snippet?: string;
}

/** Which mark begins a comment: by the client's language id. */
function commentMark(document: TextDocument): string {
  return document.languageId === 'python' ? '#' : '//';
}

/** Allows `rule` on a line: a comment behind it, the rule added to one that is there, or a line above where nothing may follow. */
export function allowHere(document: TextDocument, line: number, rule: string): Silencing {
  const text = lineText(document, line);
  const extended = extend(ALLOW, text, line, rule);
  if (extended) return extended;
  const mark = commentMark(document);
  const trimmed = text.trimEnd();
  // Nothing may follow a continued line, and what follows an open comment or a template is part of it.
  if (/\\$/.test(trimmed) || leavesOpen(trimmed, mark)) {
    const indentation = /^[ \t]*/.exec(text)?.[0] ?? '';
    return comment({ line, from: 0, to: 0 }, `${indentation}${mark} lockset: allow(${rule})`, lineEnd(document));
  }
  return comment({ line, from: trimmed.length, to: text.length }, `  ${mark} lockset: allow(${rule})`, '');
}

/** Allows `rule` in the whole file: at its top, below what has to be first (`#!`, an encoding cookie). */
export function allowInFile(document: TextDocument, rule: string): Silencing {
  const mark = commentMark(document);
  let line = 0;
  if (lineText(document, line).startsWith('#!')) line++;
  if (mark === '#' && line < 2 && /^[ \t\f]*#.*?coding[:=]/.test(lineText(document, line))) line++;
  const extended = extend(ALLOW_FILE, lineText(document, line), line, rule);
  if (extended) return extended;
  const end = lineEnd(document);
  // A text that is nothing but its first line has no line to insert before.
  const isPastEnd = line >= document.lineCount;
  return comment({ line, from: 0, to: 0 }, `${isPastEnd ? end : ''}${mark} lockset: allow-file(${rule})`, end);
}

/** Adds a rule to a comment that is there, which has its reason already. */
function extend(pattern: RegExp, text: string, line: number, rule: string): Silencing | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const end = found.index + found[0].length - 1;
  return { edit: edit({ line, from: end, to: end }, found[1].trim() === '' ? rule : `, ${rule}`) };
}

interface Place {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** A new comment; what follows it is the reason, up to the line's end. */
function comment(place: Place, text: string, end: string): Silencing {
  return { edit: edit(place, text + end), snippet: `${text.replaceAll(/[\\$}]/g, '\\$&')} \${1:reason}${end}` };
}

function edit({ line, from, to }: Place, newText: string): TextEdit {
  return { range: { start: { line, character: from }, end: { line, character: to } }, newText };
}

/** Whether the line ends inside a multi-line comment, string or template, as far as the line itself tells. */
function leavesOpen(text: string, mark: string): boolean {
  if (mark === '#') return count(text, '"""') % 2 === 1 || count(text, "'''") % 2 === 1;
  return text.lastIndexOf('/*') > text.lastIndexOf('*/') || count(text, '`') % 2 === 1;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** A line's text without its end; '' past the last line. */
function lineText(document: TextDocument, line: number): string {
  if (line >= document.lineCount) return '';
  return document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }).replace(/[\r\n]+$/, '');
}

function lineEnd(document: TextDocument): string {
  return /\r\n|\r|\n/.exec(document.getText())?.[0] ?? '\n';
}
