// Parser: TypeScript and JavaScript source text to a syntax tree, incrementally for files that are being edited.
import ts from 'typescript';
import { differenceOf } from '../../text/edit';
import type { Span } from '../../text/span';

/** Something in a text that could not be read. */
export interface SyntaxProblem {
  readonly span: Span;
  readonly message: string;
}

/** A tree with its problems; no tree where the text cannot or should not be read at all. */
export interface ParsedSource {
  readonly tree: ts.SourceFile | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/** Longer texts are not read, in UTF-16 units. */
export const LONGEST_TEXT = 5_000_000;
/** A text whose lines are longer than this on average is a bundle that no person reads. */
const LONGEST_AVERAGE_LINE = 20_000;
const MOST_PROBLEMS = 20;

/** Parses files; keeps the trees of those that are being edited until `forget`. */
export class TypeScriptParser {
  private readonly kept = new Map<string, ts.SourceFile>();

  /** The tree of a text. Never throws. `editing`: keep the tree, so that the next text of this file costs little. */
  parse(file: string, text: string, editing = false): ParsedSource {
    const refusal = refusalOf(text);
    if (refusal) {
      this.kept.delete(file);
      return { tree: undefined, problems: [{ span: { start: 0, end: 0 }, message: refusal }] };
    }
    try {
      const tree = (editing && this.update(file, text)) || parseAnew(file, text);
      if (editing) this.kept.set(file, tree);
      else this.kept.delete(file);
      return { tree, problems: problemsOf(tree, text) };
    } catch (error) {
      this.kept.delete(file);
      const message = error instanceof RangeError ? 'not analysed, because it is nested too deeply' : 'not analysed, because the parser failed on it';
      return { tree: undefined, problems: [{ span: { start: 0, end: 0 }, message }] };
    }
  }

  /** The tree of a text without faults, the kept one where it is of this text; keeps nothing. Never throws. */
  treeOf(file: string, text: string): ts.SourceFile | undefined {
    const kept = this.kept.get(file);
    try {
      const tree = kept?.text === text ? kept : refusalOf(text) === undefined ? parseAnew(file, text) : undefined;
      return tree && problemsOf(tree, text).length === 0 ? tree : undefined;
    } catch {
      return undefined;
    }
  }

  /** Frees the tree of a file that is no longer being edited. */
  forget(file: string): void {
    this.kept.delete(file);
  }

  /** The kept tree brought up to date; undefined when there is none or it cannot be updated. The old tree is spent either way. */
  private update(file: string, text: string): ts.SourceFile | undefined {
    const old = this.kept.get(file);
    if (!old) return undefined;
    if (old.text === text) return old;
    this.kept.delete(file);
    const { span, newText } = differenceOf(old.text, text);
    try {
      const length = span.end - span.start;
      return ts.updateSourceFile(old, text, { span: { start: span.start, length }, newLength: newText.length });
    } catch {
      return undefined;
    }
  }
}

/** Why a text is not read at all; undefined for an ordinary one. */
function refusalOf(text: string): string | undefined {
  if (text.length > LONGEST_TEXT) return `not analysed, because it is longer than ${LONGEST_TEXT / 1_000_000} MB`;
  if (text.includes('\0')) return 'not analysed, because it holds NUL bytes: it is not a text';
  if (text.length <= LONGEST_AVERAGE_LINE) return undefined;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > LONGEST_AVERAGE_LINE ? 'not analysed, because its lines are so long that it must be a minified bundle' : undefined;
}

function parseAnew(file: string, text: string): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(file, text, options, false, scriptKindOf(file));
}

/** By the file's ending; JavaScript in all its forms may hold JSX. */
function scriptKindOf(file: string): ts.ScriptKind {
  if (/\.tsx$/i.test(file)) return ts.ScriptKind.TSX;
  if (/\.jsx$/i.test(file)) return ts.ScriptKind.JSX;
  if (/\.[mc]?js$/i.test(file)) return ts.ScriptKind.JS;
  return ts.ScriptKind.TS;
}

function problemsOf(tree: ts.SourceFile, text: string): SyntaxProblem[] {
  // The public way to these goes through a whole program, which would read files and resolve imports.
  const diagnostics = (tree as unknown as { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
  return diagnostics.slice(0, MOST_PROBLEMS).map(({ start, length, messageText }) => {
    const from = Math.min(start, text.length);
    return { span: { start: from, end: Math.min(from + length, text.length) }, message: ts.flattenDiagnosticMessageText(messageText, ' ') };
  });
}
