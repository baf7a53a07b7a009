// Main tests: conditions that are true only where the file is the program itself.
import ts from 'typescript';

/** Whether a text can hold such a condition at all, so that most files are spared the question. */
export function mayTestForMain(text: string): boolean {
  return text.includes('require.main') || text.includes('import.meta') || text.includes('module.parent') || text.includes('process.argv');
}

const SELF = /\bimport\.meta\.(?:url|filename)\b|\b__filename\b/;
const PROGRAM = /\bprocess\.argv\b/;

/**
 * What a single condition, without `!`, `&&` and `||`, says: `main` when it is true in the program itself, `not-main` when it
 * is false there, undefined when it is no such test. Known: `require.main === module`, `import.meta.main`, `module.parent`,
 * and comparisons of the file's own name or URL with `process.argv[1]`.
 */
export function mainTestOf(node: ts.Expression, text: string): 'main' | 'not-main' | undefined {
  if (node.end - node.pos > 300) return undefined;
  const source = text.slice(node.pos, node.end).trim();
  if (node.kind === ts.SyntaxKind.PropertyAccessExpression) {
    if (source === 'import.meta.main') return 'main';
    return source === 'module.parent' ? 'not-main' : undefined;
  }
  if (node.kind !== ts.SyntaxKind.BinaryExpression) return undefined;
  const operator = (node as ts.BinaryExpression).operatorToken.kind;
  const equal = operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsToken;
  const unequal = operator === ts.SyntaxKind.ExclamationEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken;
  if (!equal && !unequal) return undefined;
  const compares = (/\brequire\.main\b/.test(source) && /\bmodule\b/.test(source)) || (SELF.test(source) && PROGRAM.test(source));
  if (!compares) return undefined;
  return equal ? 'main' : 'not-main';
}
