// Iterate over a copy: a loop that waits goes through what there was when it began.
import ts from 'typescript';
import { type Fix, inFile, replacement, type TypeScriptSource } from '../fix';
import { functionIn } from './functions';
import { closest, spanOf, textOf, walk } from './nodes';
import { isPure } from './purity';

/** `for (const item of this.items)` → `for (const item of [...this.items])`. */
export const iterateSpreadCopy: Fix<'iterate-copy'> = ({ site, lock }, context) => {
  const at = context.typescriptAt(site);
  const loop = at && closest(at.path, ts.isForOfStatement)?.node;
  if (!at || lock !== undefined || !loop || loop.awaitModifier || !isPlace(loop.expression)) return undefined;
  if (isEmptiedIn(functionIn(at.path) ?? at.source.tree, textOf(at.source, loop.expression), at.source)) return undefined;
  const copy = `[...${textOf(at.source, loop.expression)}]`;
  return { title: `Go through a copy: ${copy}`, edits: inFile(at.file, [replacement(spanOf(at.source, loop.expression), copy)]) };
};

/** What makes a list anew, such as `Object.keys()`, is a copy already. */
function isPlace(node: ts.Expression): boolean {
  return isPure(node) && (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node));
}

/** Whether a function empties a place: what is added meanwhile would go with the rest, where the loop came to it before. */
function isEmptiedIn(fn: ts.Node, place: string, source: TypeScriptSource): boolean {
  for (const node of walk(fn)) {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const target = textOf(source, node.left);
      if (target === place || target === `${place}.length`) return true;
    }
    if (ts.isCallExpression(node) && textOf(source, node.expression) === `${place}.clear`) return true;
  }
  return false;
}
