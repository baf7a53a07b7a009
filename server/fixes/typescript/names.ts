// Names: what statements declare and mention.
import ts from 'typescript';
import { walk } from './nodes';

/** The variables that a statement declares for the list it stands in, `var` further inside among them. */
export function declaredIn(statement: ts.Statement): string[] {
  const own = ts.isVariableStatement(statement) ? statement.declarationList.declarations.flatMap(({ name }) => boundBy(name)) : [];
  const inner = [...walk(statement)].flatMap((node) =>
    ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0 ? node.declarations.flatMap(({ name }) => boundBy(name)) : [],
  );
  return [...own, ...inner];
}

/** Whether a statement declares with `const`. */
export function isConst({ declarationList: { flags } }: ts.VariableStatement): boolean {
  return (flags & ts.NodeFlags.Const) !== 0;
}

/** The names that a name or a pattern binds. */
export function boundBy(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundBy(element.name) : []));
}

/** Whether any of some names stands in a node, as what it may be. */
export function isMentioned(node: ts.Node, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  for (const each of walk(node)) if (ts.isIdentifier(each) && names.includes(each.text)) return true;
  return false;
}
