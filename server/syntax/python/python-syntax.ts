// Python syntax: parses texts, keeps the trees of files that are being edited, and tells what could not be read.
import type { Edit, Parser, Tree } from 'web-tree-sitter';
import { differenceOf } from '../../text/edit';
import { type FlatTree, Flattener } from './flat-tree';
import { kindTables } from './kinds';
import { type PythonTree, pythonTree } from './nodes';
import type { PythonRuntime } from './runtime';
import { type SyntaxProblem, syntaxProblems } from './syntax-problems';

/** Longer texts are not parsed: a million units take 22 MB of the parser's memory, and up to 150 MB where lines are short. */
export const LONGEST_TEXT = 5_000_000;
/** The parser's memory is never given back and ends the process at 2 GiB; from here on kept trees are dropped. */
const MEMORY_TO_SAVE = 1_200 * 1024 * 1024;
/** From here on nothing is parsed any more: the worker has to be ended and started anew. */
const MEMORY_TO_STOP = 1_700 * 1024 * 1024;
/** How much source may have its tree kept, in UTF-16 units; a file of more than half of it never has. */
const KEPT_TEXT = 4_000_000;

/** No file's name: nothing is kept under it. */
const UNKEPT = '\0';

/** What the parser's input buffer holds, in UTF-16 units. */
const PIECE = 5_119;

export interface ParsedText {
  /** Absent where the text was not parsed at all. Good only until the next parse. */
  readonly tree?: FlatTree;
  readonly problems: readonly SyntaxProblem[];
}

interface KeptTree {
  readonly tree: Tree;
  readonly text: string;
}

/** Milliseconds after which a parse is given up: some texts, such as thousands of comment lines in a block, take quadratic time. */
const LONGEST_PARSE = 5_000;

/** The parser for one thread. Trees of edited files are kept and reparsed from the difference of their texts. */
export class PythonSyntax {
  private readonly flattener: Flattener;
  /** In order of use, the longest unused first. */
  private readonly kept = new Map<string, KeptTree>();
  private keptLength = 0;
  private parser: Parser;

  constructor(
    private readonly runtime: PythonRuntime,
    private readonly keptText = KEPT_TEXT,
  ) {
    this.flattener = new Flattener(runtime.functions, kindTables(runtime.language));
    this.parser = runtime.createParser();
  }

  /** Parses a text. With `keep` its tree stays for the next parse of the same file; without, any kept one is dropped. */
  parse(file: string, text: string, keep: boolean): ParsedText {
    const refusal = this.refusalFor(text);
    if (refusal) {
      this.forget(file);
      return { problems: [{ span: { start: 0, end: 0 }, message: refusal }] };
    }
    try {
      return this.parseWithin(file, text, keep);
    } catch (error) {
      // A failed parse leaves the parser half way through this text; a new one starts clean.
      this.forget(file);
      this.renewParser();
      return { problems: [{ span: { start: 0, end: 0 }, message: `The parser failed: ${error instanceof Error ? error.message : String(error)}` }] };
    }
  }

  /** The nodes of a text without faults, from the kept tree where it is of this text; keeps nothing. Never throws. */
  treeOf(file: string, text: string): PythonTree | undefined {
    const kept = this.kept.get(file);
    const flat = kept?.text === text ? this.flattener.flatten(kept.tree, text) : this.parse(UNKEPT, text, false).tree;
    return flat && !flat.hasErrors ? pythonTree(flat) : undefined;
  }

  /** Drops the tree kept for a file. */
  forget(file: string): void {
    const old = this.kept.get(file);
    if (!old) return;
    this.kept.delete(file);
    this.keptLength -= old.text.length;
    old.tree.delete();
  }

  /** Bytes of memory the parser's module has taken; it only ever grows. */
  get memoryBytes(): number {
    return this.runtime.functions.HEAPU8.byteLength;
  }

  /** Whether the memory is so full that whoever runs this thread should start a new one. */
  get isExhausted(): boolean {
    return this.memoryBytes > MEMORY_TO_STOP;
  }

  /** Drops all trees and the parser. */
  dispose(): void {
    for (const file of [...this.kept.keys()]) this.forget(file);
    this.parser.delete();
  }

  private refusalFor(text: string): string | undefined {
    if (text.length > LONGEST_TEXT) return `Not analysed: longer than ${LONGEST_TEXT / 1_000_000} million characters`;
    if (text.includes('\0')) return 'Not analysed: a binary file (it has NUL characters)';
    if (this.isExhausted) return 'Not analysed: the parser has used up its memory; restart the server';
    return undefined;
  }

  private parseWithin(file: string, text: string, keep: boolean): ParsedText {
    const old = this.kept.get(file);
    if (old) {
      this.kept.delete(file);
      this.keptLength -= old.text.length;
      if (old.text !== text) old.tree.edit(editBetween(old.text, text) as Edit);
    }
    let tree: Tree | null = null;
    try {
      // A piece at a time: the module takes no more at once, and must not be told of more.
      const deadline = Date.now() + LONGEST_PARSE;
      tree = this.parser.parse((index) => text.slice(index, index + PIECE), old?.tree, { progressCallback: () => Date.now() > deadline });
    } finally {
      old?.tree.delete();
    }
    if (!tree) {
      this.parser.reset();
      return { problems: [{ span: { start: 0, end: 0 }, message: `Not analysed: parsing took longer than ${LONGEST_PARSE / 1000} seconds` }] };
    }
    let keeps = false;
    try {
      const flat = this.flattener.flatten(tree, text);
      keeps = keep && text.length * 2 <= this.keptText && this.memoryBytes < MEMORY_TO_SAVE;
      return { tree: flat, problems: syntaxProblems(flat, this.runtime.language) };
    } finally {
      if (keeps) this.keep(file, tree, text);
      else tree.delete();
    }
  }

  private keep(file: string, tree: Tree, text: string): void {
    this.kept.set(file, { tree, text });
    this.keptLength += text.length;
    for (const other of this.kept.keys()) {
      if (this.keptLength <= this.keptText || other === file) break;
      this.forget(other);
    }
  }

  private renewParser(): void {
    try {
      this.parser.delete();
      this.parser = this.runtime.createParser();
    } catch {
      // The module itself is broken: each parse will say so as a problem.
    }
  }
}

/** The difference of two texts as the parser wants it, with rows and columns. */
function editBetween(before: string, after: string): Omit<Edit, 'editPoint' | 'editRange'> {
  const { span, newText } = differenceOf(before, after);
  const newEnd = span.start + newText.length;
  return {
    startIndex: span.start,
    oldEndIndex: span.end,
    newEndIndex: newEnd,
    startPosition: pointAt(before, span.start),
    oldEndPosition: pointAt(before, span.end),
    newEndPosition: pointAt(after, newEnd),
  };
}

/** The parser counts rows by "\n" alone. */
function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
