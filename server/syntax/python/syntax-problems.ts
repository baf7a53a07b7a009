// Syntax problems: what the parser could not read, in plain words.
import type { Language } from 'web-tree-sitter';
import type { Span } from '../../text/span';
import type { FlatTree } from './flat-tree';
import { Kind } from './kinds';

export interface SyntaxProblem {
  readonly span: Span;
  readonly message: string;
}

/** One broken bracket can make thousands of error nodes; more than this help nobody. */
const MOST_PROBLEMS = 20;
/** How much of a faulty passage is marked. */
const LONGEST_MARK = 200;

/** The errors of a tree, in order of position, outermost first, at most twenty. */
export function syntaxProblems(tree: FlatTree, language: Language): SyntaxProblem[] {
  if (!tree.hasErrors) return [];
  const problems: SyntaxProblem[] = [];
  for (let i = 0; i < tree.missing.length && problems.length < MOST_PROBLEMS; i += 2) {
    const start = tree.missing[i];
    problems.push({ span: { start, end: start }, message: `Syntax error: ${nameOf(language.types[tree.missing[i + 1]] ?? 'something')} is missing` });
  }
  for (let node = 0; node < tree.count && problems.length < 2 * MOST_PROBLEMS; node++) {
    if (tree.kind[node] !== Kind.error) continue;
    problems.push({ span: markOf(tree, node), message: 'Syntax error: this could not be read' });
    node = tree.next[node] - 1;
  }
  return problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end).slice(0, MOST_PROBLEMS);
}

/** The first line of the faulty passage. */
function markOf(tree: FlatTree, node: number): Span {
  const start = tree.start[node];
  const lineEnd = tree.text.indexOf('\n', start);
  return { start, end: Math.min(tree.end[node], lineEnd > start ? lineEnd : tree.end[node], start + LONGEST_MARK) };
}

/** `")"` stays, `_newline` becomes "newline". */
function nameOf(type: string): string {
  return /^[a-z_]+$/i.test(type) ? type.replaceAll('_', ' ').trim() : `"${type}"`;
}
