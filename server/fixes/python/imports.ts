// Imports of Python: the name by which a file knows a module or something in it, and the edit that imports it where it does not.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { insertion, type Named, type PythonSource } from '../fix';
import { lineEndOf, lineTailOf } from '../layout';
import { isDocstring } from './blocks';
import { mentionsOf } from './names';

/** A module such as `asyncio`, by the name that the file's top level gives it, an alias perhaps. Undefined where its name means something else there. */
export function importedModule(source: PythonSource, module: string): Named | undefined {
  for (const statement of source.tree.root.children) {
    if (statement.kind !== Kind.importStatement) continue;
    for (const { path, alias } of importedPaths(statement)) if (path === module) return { name: alias ?? module, edits: [] };
  }
  const [first] = module.split('.');
  return isTaken(source, first) ? undefined : { name: module, edits: [importEdit(source, module)] };
}

/** A module's member such as `Queue` of `queue`: by the name of a `from` import, or through the module. */
export function importedMember(source: PythonSource, module: string, member: string): Named | undefined {
  for (const statement of source.tree.root.children) {
    if (statement.kind !== Kind.importFrom || statement.child(Field.moduleName)?.text !== module) continue;
    for (const { path, alias } of importedPaths(statement)) if (path === member) return { name: alias ?? member, edits: [] };
  }
  const whole = importedModule(source, module);
  return whole && { name: `${whole.name}.${member}`, edits: whole.edits };
}

/** `import x`, `from x import y` */
export function isImport({ kind }: PythonNode): boolean {
  return kind === Kind.importStatement || kind === Kind.importFrom;
}

/** Whether the text binds a name anywhere, other than by importing the module of that name. */
function isTaken({ tree }: PythonSource, name: string): boolean {
  return mentionsOf(tree.root, name).some(({ parent, field }) => {
    if (!parent || (parent.kind === Kind.attribute && field === Field.attribute)) return false;
    return parent.kind !== Kind.keywordArgument && parent.field !== Field.moduleName;
  });
}

function importedPaths(statement: PythonNode): { path: string; alias: string | undefined }[] {
  return statement.children
    .filter((child) => child.field === Field.name)
    .map((child) =>
      child.kind === Kind.aliasedImport
        ? { path: child.child(Field.name)?.text ?? '', alias: child.child(Field.alias)?.text }
        : { path: child.text, alias: undefined },
    );
}

/** `import module` in the alphabetical place among the plain imports at the file's top, or where its imports would begin. */
function importEdit(source: PythonSource, module: string): TextEdit {
  const { text, tree } = source;
  const end = lineEndOf(text);
  const top = leadingImports(tree.root.children);
  const plain = top.filter((statement) => statement.kind === Kind.importStatement);
  const following = plain.find((statement) => (importedPaths(statement)[0]?.path ?? '') > module);
  if (following) return insertion(following.start, `import ${module}${end}`);
  const preceding = plain.at(-1);
  if (preceding) return insertion(lineTailOf(text, preceding.end), `${end}import ${module}`);
  const future = tree.root.children.filter((statement) => statement.kind === Kind.futureImport).at(-1);
  const first = top[0];
  if (first) return insertion(first.start, `import ${module}${end}`);
  const behind = future ?? tree.root.children.slice(0, 1).find(isDocstring);
  if (behind) return insertion(lineTailOf(text, behind.end), `${end}${end}import ${module}`);
  const start = tree.root.children[0]?.start ?? text.length;
  return insertion(start, `import ${module}${end}${end}`);
}

/** The imports with which a file begins, behind its docstring and its `__future__`. */
function leadingImports(statements: readonly PythonNode[]): PythonNode[] {
  const found: PythonNode[] = [];
  for (const [index, statement] of statements.entries()) {
    if (isImport(statement)) found.push(statement);
    else if (statement.kind !== Kind.futureImport && !(index === 0 && isDocstring(statement))) break;
  }
  return found;
}
