// Snippets of TypeScript as JavaScript: takes out what only types need and leaves the rest as it is written.
import * as ts from 'typescript';

const MODIFIERS = new Set([
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.OverrideKeyword,
  ts.SyntaxKind.AbstractKeyword,
  ts.SyntaxKind.DeclareKeyword,
]);

/** `text` and `holes` without types; `problems` names what cannot be taken out, for it does something when the program runs. */
export function withoutTypes({ text, holes }) {
  const source = ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.Latest, true);
  const problems = source.parseDiagnostics.map((each) => ts.flattenDiagnosticMessageText(each.messageText, ' '));
  const cuts = [];
  const cut = (start, end) => cuts.push({ start, end });
  /** Also takes `before`, the sign that introduces a type. */
  const cutAfter = (before, end) => cut(text.lastIndexOf(before, end.getStart(source)), end.getEnd());

  const visit = (node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly)) {
      // With the comment before it, and the rest of its last line.
      const line = text.indexOf('\n', node.end);
      cut(node.getFullStart(), node.getFullStart() === 0 ? line + 1 : line);
      return;
    }
    if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) problems.push('an enum or namespace has no JavaScript of its own');
    if (ts.isParameter(node) && node.modifiers?.length) problems.push('a parameter that is a field has no JavaScript of its own');
    if (ts.isImportSpecifier(node) && node.isTypeOnly) cut(node.getFullStart(), text[node.end] === ',' ? node.end + 1 : node.end);
    for (const modifier of node.modifiers ?? []) {
      if (MODIFIERS.has(modifier.kind)) cut(modifier.getStart(source), text.slice(modifier.end).search(/\S/) + modifier.end);
    }
    if ((ts.isParameter(node) || ts.isPropertyDeclaration(node)) && node.questionToken) cut(node.questionToken.getStart(source), node.questionToken.end);
    if ('type' in node && node.type && (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isPropertyDeclaration(node) || ts.isFunctionLike(node))) {
      cutAfter(':', node.type);
    }
    if (node.typeParameters) cutBrackets(node.typeParameters);
    if ((ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isExpressionWithTypeArguments(node)) && node.typeArguments)
      cutBrackets(node.typeArguments);
    if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) cut(node.expression.end, node.end);
    if (ts.isNonNullExpression(node)) cut(node.expression.end, node.end);
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) cut(node.getFullStart(), node.end);
    ts.forEachChild(node, visit);
  };
  const cutBrackets = (list) => cut(list.pos - 1, text.indexOf('>', list.end) + 1);
  visit(source);
  return { ...withoutRanges(text, holes, cuts), problems };
}

/** The text without the ranges, which may overlap, and the holes that are left. */
function withoutRanges(text, holes, cuts) {
  const kept = new Array(text.length + 1).fill(true);
  for (const { start, end } of cuts) kept.fill(false, start, end);
  const moved = [0];
  for (let index = 0; index < text.length; index++) moved.push(moved[index] + (kept[index] ? 1 : 0));
  const left = holes.filter(({ start, end }) => kept[start] || (end > start && moved[end] > moved[start]));
  return {
    text: [...text.split('')].filter((_, index) => kept[index]).join(''),
    holes: left.map(({ number, start, end }) => ({ number, start: moved[start], end: moved[end] })),
  };
}
