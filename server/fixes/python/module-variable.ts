// A variable of the module: a line behind the imports with which a file begins.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { insertion, type PythonSource } from '../fix';
import { lineEndOf, lineTailOf } from '../layout';

/** Puts a statement behind the last import before the first definition, with an empty line between; undefined where there is no import. */
export function behindImports({ text, tree }: PythonSource, statement: string): TextEdit | undefined {
  const { children } = tree.root;
  const firstDefinition = children.findIndex(({ kind }) => DEFINITIONS.has(kind));
  const last = children.slice(0, firstDefinition < 0 ? undefined : firstDefinition).findLast(isImport);
  const end = lineEndOf(text);
  return last && insertion(lineTailOf(text, last.end), `${end}${end}${statement}`);
}

const DEFINITIONS = new Set<number>([Kind.functionDefinition, Kind.classDefinition, Kind.decoratedDefinition]);
const IMPORTS = new Set<number>([Kind.importStatement, Kind.importFrom, Kind.futureImport]);

/** An import, or `try` and `if` around some: `if TYPE_CHECKING:`. */
function isImport(statement: PythonNode): boolean {
  if (statement.kind !== Kind.ifStatement && statement.kind !== Kind.tryStatement) return IMPORTS.has(statement.kind);
  return statement.children.some(({ kind, children }) => kind === Kind.block && children.some((each) => IMPORTS.has(each.kind)));
}
