// Kinds: small numbers for the grammar's node kinds and fields, so that lowering switches on integers.
import type { Language } from 'web-tree-sitter';

/** What is not listed becomes `other` when it is a named node, and is left out of the flat tree when it is a token. */
export const Kind = {
  dropped: 0,
  other: 1,
  error: 2,
  comment: 3,
  module: 4,
  block: 5,
  expressionStatement: 6,
  importStatement: 7,
  importFrom: 8,
  futureImport: 9,
  printStatement: 10,
  chevron: 11,
  execStatement: 12,
  assertStatement: 13,
  returnStatement: 14,
  deleteStatement: 15,
  raiseStatement: 16,
  passStatement: 17,
  breakStatement: 18,
  continueStatement: 19,
  globalStatement: 20,
  nonlocalStatement: 21,
  typeAlias: 22,
  ifStatement: 23,
  elifClause: 24,
  elseClause: 25,
  matchStatement: 26,
  caseClause: 27,
  forStatement: 28,
  whileStatement: 29,
  tryStatement: 30,
  exceptClause: 31,
  finallyClause: 32,
  withStatement: 33,
  withClause: 34,
  withItem: 35,
  functionDefinition: 36,
  classDefinition: 37,
  decoratedDefinition: 38,
  decorator: 39,
  parameters: 40,
  lambdaParameters: 41,
  defaultParameter: 42,
  typedParameter: 43,
  typedDefaultParameter: 44,
  listSplatPattern: 45,
  dictionarySplatPattern: 46,
  tuplePattern: 47,
  listPattern: 48,
  patternList: 49,
  positionalSeparator: 50,
  keywordSeparator: 51,
  argumentList: 52,
  keywordArgument: 53,
  listSplat: 54,
  dictionarySplat: 55,
  identifier: 56,
  attribute: 57,
  subscript: 58,
  slice: 59,
  call: 60,
  await: 61,
  yield: 62,
  lambda: 63,
  namedExpression: 64,
  conditionalExpression: 65,
  booleanOperator: 66,
  notOperator: 67,
  comparisonOperator: 68,
  binaryOperator: 69,
  unaryOperator: 70,
  parenthesized: 71,
  assignment: 72,
  augmentedAssignment: 73,
  expressionList: 74,
  list: 75,
  tuple: 76,
  set: 77,
  dictionary: 78,
  pair: 79,
  listComprehension: 80,
  dictionaryComprehension: 81,
  setComprehension: 82,
  generatorExpression: 83,
  forInClause: 84,
  ifClause: 85,
  string: 86,
  concatenatedString: 87,
  interpolation: 88,
  formatSpecifier: 89,
  formatExpression: 90,
  integer: 91,
  float: 92,
  true: 93,
  false: 94,
  none: 95,
  ellipsis: 96,
  type: 97,
  genericType: 98,
  unionType: 99,
  memberType: 100,
  typeParameter: 101,
  asPattern: 102,
  asPatternTarget: 103,
  casePattern: 104,
  classPattern: 105,
  keywordPattern: 106,
  splatPattern: 107,
  dottedName: 108,
  aliasedImport: 109,
  relativeImport: 110,
  importPrefix: 111,
  wildcardImport: 112,
  constrainedType: 113,
  splatType: 114,
  unionPattern: 115,
  dictPattern: 116,
  complexPattern: 117,
  /** From here on: tokens. */
  asyncToken: 130,
  orToken: 131,
  andToken: 132,
  inToken: 133,
  notInToken: 134,
  isToken: 135,
  isNotToken: 136,
  equalToken: 137,
  unequalToken: 138,
  fromToken: 139,
  minusToken: 140,
  pipeToken: 141,
} as const;

/** The field a node fills in its parent; 0 for none and for fields nobody asks for. */
export const Field = {
  none: 0,
  name: 1,
  body: 2,
  parameters: 3,
  returnType: 4,
  superclasses: 5,
  left: 6,
  right: 7,
  type: 8,
  value: 9,
  object: 10,
  attribute: 11,
  function: 12,
  arguments: 13,
  condition: 14,
  consequence: 15,
  alternative: 16,
  alias: 17,
  moduleName: 18,
  definition: 19,
  operator: 20,
  operators: 21,
  subject: 22,
  guard: 23,
  key: 24,
  cause: 25,
  subscript: 26,
  argument: 27,
  expression: 28,
  code: 29,
  formatSpecifier: 30,
} as const;

const NAMED: Readonly<Record<string, number>> = {
  ERROR: Kind.error,
  import_from_statement: Kind.importFrom,
  future_import_statement: Kind.futureImport,
  type_alias_statement: Kind.typeAlias,
  parenthesized_expression: Kind.parenthesized,
  string_start: Kind.dropped,
  string_content: Kind.dropped,
  string_end: Kind.dropped,
  type_conversion: Kind.dropped,
  line_continuation: Kind.dropped,
};

const TOKENS: Readonly<Record<string, number>> = {
  async: Kind.asyncToken,
  or: Kind.orToken,
  and: Kind.andToken,
  in: Kind.inToken,
  'not in': Kind.notInToken,
  is: Kind.isToken,
  'is not': Kind.isNotToken,
  '==': Kind.equalToken,
  '!=': Kind.unequalToken,
  from: Kind.fromToken,
  '-': Kind.minusToken,
  '|': Kind.pipeToken,
};

/** Named kinds that have no inner nodes anybody asks for. */
const LEAVES: ReadonlySet<number> = new Set<number>([
  Kind.identifier,
  Kind.integer,
  Kind.float,
  Kind.true,
  Kind.false,
  Kind.none,
  Kind.ellipsis,
  Kind.passStatement,
  Kind.breakStatement,
  Kind.continueStatement,
  Kind.importPrefix,
  Kind.wildcardImport,
  Kind.positionalSeparator,
  Kind.keywordSeparator,
  Kind.comment,
]);

/** Tables from the grammar's own numbers, which may change with its version, to ours. */
export interface KindTables {
  /** Grammar symbol → `Kind`. */
  readonly kinds: Uint8Array;
  /** Grammar symbol → 1 where there is no need to look inside. */
  readonly leaves: Uint8Array;
  /** Grammar field id → `Field`. */
  readonly fields: Uint8Array;
}

/** The tables for a grammar. */
export function kindTables(language: Language): KindTables {
  const kinds = new Uint8Array(65536);
  const leaves = new Uint8Array(65536);
  language.types.forEach((name, symbol) => {
    if (!name) return;
    const isNamed = language.nodeTypeIsNamed(symbol);
    kinds[symbol] = isNamed ? namedKind(name) : (TOKENS[name] ?? Kind.dropped);
    leaves[symbol] = !isNamed || LEAVES.has(kinds[symbol]) ? 1 : 0;
  });
  kinds[65535] = Kind.error;
  const fields = new Uint8Array(language.fields.length + 1);
  language.fields.forEach((name, id) => {
    if (name) fields[id] = (Field as Readonly<Record<string, number>>)[camelCase(name)] ?? Field.none;
  });
  return { kinds, leaves, fields };
}

function namedKind(name: string): number {
  return NAMED[name] ?? (Kind as Readonly<Record<string, number>>)[camelCase(name)] ?? Kind.other;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
