// Inert statements: definitions and constants, which do the same wherever they stand at module level.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { contains, expressionOf } from './blocks';

/** A function, a class, an import, or an `if` or `try` that holds nothing else. */
export function isOnlyDefinition(statement: PythonNode): boolean {
  switch (statement.kind) {
    case Kind.functionDefinition:
    case Kind.classDefinition:
    case Kind.decoratedDefinition:
    case Kind.importStatement:
    case Kind.importFrom:
    case Kind.typeAlias:
      return true;
    case Kind.ifStatement:
    case Kind.tryStatement:
      // `try: import a` and `if TYPE_CHECKING: …`: an import is why it is there.
      return (
        contains(statement, Kind.importStatement, Kind.importFrom) &&
        blocksOf(statement).every((block) => block.children.every((each) => isOnlyDefinition(each) || isInert(each)))
      );
    default:
      return false;
  }
}

/** `SIZE = 4`, `NAMES = ["a", "b"]`, `x: int`, `pass`, a string: nothing runs. */
export function isInert(statement: PythonNode): boolean {
  if (statement.kind === Kind.passStatement) return true;
  const only = expressionOf(statement);
  if (!only || statement.children.length > 1) return false;
  if (only.kind === Kind.string) return isPlain(only);
  if (only.kind !== Kind.assignment) return false;
  const [left, right] = [only.child(Field.left), only.child(Field.right)];
  return left?.kind === Kind.identifier && (!right || isPlain(right));
}

/** A value that is written out: of literals, containers and operators on them, and of names. */
function isPlain(node: PythonNode): boolean {
  return PLAIN.has(node.kind) && node.children.every(isPlain);
}

const PLAIN: ReadonlySet<number> = new Set<number>([
  Kind.identifier,
  Kind.integer,
  Kind.float,
  Kind.true,
  Kind.false,
  Kind.none,
  Kind.ellipsis,
  Kind.string,
  Kind.concatenatedString,
  Kind.list,
  Kind.tuple,
  Kind.set,
  Kind.dictionary,
  Kind.pair,
  Kind.parenthesized,
  Kind.unaryOperator,
  Kind.binaryOperator,
]);

function blocksOf(statement: PythonNode): PythonNode[] {
  return statement.children.flatMap((child) => (child.kind === Kind.block ? [child] : CLAUSES.has(child.kind) ? blocksOf(child) : []));
}

const CLAUSES: ReadonlySet<number> = new Set<number>([Kind.elifClause, Kind.elseClause, Kind.exceptClause, Kind.finallyClause]);
