// Style of a TypeScript file: what its author does with semicolons, and whether there are types.
import ts from 'typescript';
import type { TypeScriptSource } from '../fix';

/** `;` or nothing, as most of the file's simple statements end. */
export function semicolonOf({ tree, text }: TypeScriptSource): string {
  let [withOne, without] = [0, 0];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) || ts.isVariableStatement(node) || ts.isReturnStatement(node) || ts.isImportDeclaration(node)) {
      if (text[node.end - 1] === ';') withOne++;
      else without++;
    }
    if (withOne + without < 50) ts.forEachChild(node, visit);
  };
  visit(tree);
  return without > withOne ? '' : ';';
}

/** A semicolon where a bracket that begins at an offset would otherwise go on with the line before. */
export function separatorOf({ text }: TypeScriptSource, start: number): string {
  const before = text.slice(0, start).trimEnd();
  return /[;{}]$/.test(before) || before === '' ? '' : ';';
}

/** Whether a file can declare types. */
export function isTyped({ file }: TypeScriptSource): boolean {
  return /\.[cm]?tsx?$/.test(file);
}
