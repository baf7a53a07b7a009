// Use Atomics: a word of shared memory is read, written or changed in one step that other threads see.
import ts from 'typescript';
import { type Fix, inFile, replacement, type TypeScriptSource } from '../fix';
import { closest, isAssignment, spanOf, textOf } from './nodes';

/** `view[DONE]++` → `Atomics.add(view, DONE, 1)`, `view[STOP] = 1` → `Atomics.store(view, STOP, 1)`, `view[STOP]` → `Atomics.load(view, STOP)`. */
export const useAtomics: Fix<'use-atomics'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const found = at && wordAt(at.path);
  const plan = found && planOf(at.source, found.word, found.parent, found.outer);
  if (!at || !plan) return undefined;
  return { title: `Use ${plan.newText}`, edits: inFile(at.file, [replacement(spanOf(at.source, plan.node), plan.newText)]) };
};

interface Word {
  readonly word: ts.ElementAccessExpression;
  readonly parent: ts.Node;
  readonly outer: ts.Node;
}

/** The word is what the site stands for, or what it changes. */
function wordAt(path: readonly ts.Node[]): Word | undefined {
  const found = closest(path, ts.isElementAccessExpression);
  const innermost = path.at(-1)!;
  if (found && (found.node === innermost || found.node.argumentExpression === innermost)) {
    const [outer, parent] = found.above.slice(-2);
    return parent && { word: found.node, parent, outer };
  }
  const outer = path.at(-2);
  const word = ts.isBinaryExpression(innermost) ? innermost.left : isStep(innermost) ? innermost.operand : undefined;
  return word && outer && ts.isElementAccessExpression(word) ? { word, parent: innermost, outer } : undefined;
}

function isStep(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  return (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

const CHANGES: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, 'add'],
  [ts.SyntaxKind.MinusEqualsToken, 'sub'],
  [ts.SyntaxKind.BarEqualsToken, 'or'],
  [ts.SyntaxKind.AmpersandEqualsToken, 'and'],
  [ts.SyntaxKind.CaretEqualsToken, 'xor'],
]);

function planOf(source: TypeScriptSource, word: ts.ElementAccessExpression, parent: ts.Node, outer: ts.Node): { node: ts.Node; newText: string } | undefined {
  const text = textOf(source, word);
  // Words of 64 bits take other numbers; a comment inside would be lost.
  if (ts.isOptionalChain(word) || /\/[/*]/.test(text) || /\bBig(?:Int|Uint)64Array\b/.test(source.text)) return undefined;
  const at = `${textOf(source, word.expression)}, ${textOf(source, word.argumentExpression)}`;
  // What an operation of Atomics gives is the value before the change.
  const isStatement = ts.isExpressionStatement(outer) || (ts.isForStatement(outer) && outer.incrementor === parent);
  if (isStep(parent)) {
    const name = parent.operator === ts.SyntaxKind.PlusPlusToken ? 'add' : 'sub';
    return isStatement ? { node: parent, newText: `Atomics.${name}(${at}, 1)` } : undefined;
  }
  if (ts.isBinaryExpression(parent) && parent.left === word) {
    const { kind } = parent.operatorToken;
    const value = textOf(source, parent.right);
    const name = kind === ts.SyntaxKind.EqualsToken ? 'store' : CHANGES.get(kind);
    if (name) return isStatement && !/\/[/*]|[\r\n]/.test(value) ? { node: parent, newText: `Atomics.${name}(${at}, ${value})` } : undefined;
    if (isAssignment(parent)) return undefined;
  }
  const isTarget = ts.isDeleteExpression(parent) || ts.isArrayLiteralExpression(parent) || ts.isPropertyAssignment(parent);
  return isTarget ? undefined : { node: word, newText: `Atomics.load(${at})` };
}
