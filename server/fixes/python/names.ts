// Names in Python code: those that it binds in the scope it stands in, those of that scope that it mentions, and free ones.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { freshName } from '../layout';
import { functionAround } from './blocks';

/** The names that code binds in its own scope: targets, imports, definitions, `as`. Not those of functions and classes inside it. */
export function boundNames(node: PythonNode): Set<string> {
  const names = new Set<string>();
  addBound(node, names);
  return names;
}

/** The names of its own scope that code mentions, bound or read; those that a function inside it keeps to itself are left out. */
export function namesIn(node: PythonNode): Set<string> {
  switch (node.kind) {
    case Kind.identifier:
      return isName(node) ? new Set([node.text]) : new Set();
    case Kind.importStatement:
    case Kind.importFrom:
      return boundNames(node);
    case Kind.functionDefinition:
    case Kind.lambda:
      return new Set([...evaluatedNames(node), ...freeNames(node), ...boundNames(node)]);
    case Kind.listComprehension:
    case Kind.setComprehension:
    case Kind.dictionaryComprehension:
    case Kind.generatorExpression: {
      const own = new Set<string>();
      for (const child of node.children) if (child.kind === Kind.forInClause) addTargets(child.child(Field.left), own);
      return new Set([...namesInAll(node.children)].filter((name) => !own.has(name)));
    }
    default:
      return namesInAll(node.children);
  }
}

/** Where a name stands in code, be it a variable's or, as in `worker.name` and `f(name=1)`, another. */
export function mentionsOf(code: PythonNode, name: string): PythonNode[] {
  return [...code.walk()].filter((node) => node.kind === Kind.identifier && node.text === name);
}

/** A name that the function around a node does not use yet, or, where there is none, the module. */
export function freeName(node: PythonNode, wanted: string): string {
  return freshName((functionAround(node) ?? node.closest(Kind.module) ?? node).text, wanted);
}

/** Whether two sets of names have any in common. */
export function meets(names: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const name of names) if (others.has(name)) return true;
  return false;
}

/** The names that a definition reads when it is made, not when it is called: decorators, defaults, annotations, bases, a class's body. */
export function evaluatedNames(node: PythonNode): Set<string> {
  if (node.kind === Kind.functionDefinition || node.kind === Kind.lambda) {
    const parameters = node.child(Field.parameters)?.children ?? [];
    const defaults = parameters.flatMap((parameter) => [parameter.child(Field.value), parameter.child(Field.type)]);
    return namesInAll([...defaults, node.child(Field.returnType)].filter((each) => each !== undefined));
  }
  if (node.kind === Kind.identifier) return namesIn(node);
  const names = new Set<string>();
  for (const child of node.children) {
    const isOwnName = child.field === Field.name && node.kind === Kind.classDefinition;
    if (!isOwnName) for (const name of evaluatedNames(child)) names.add(name);
  }
  return names;
}

/** What a function's body mentions beyond its parameters and its own variables. */
function freeNames(node: PythonNode): Set<string> {
  const body = node.child(Field.body);
  if (!body) return new Set();
  const own = new Set<string>();
  for (const parameter of node.child(Field.parameters)?.children ?? []) addTargets(parameter.child(Field.name) ?? parameter, own);
  if (node.kind === Kind.functionDefinition) {
    addBound(body, own);
    for (const inner of body.walk()) if (inner.kind === Kind.globalStatement) for (const name of inner.children) own.delete(name.text);
  }
  return new Set([...namesIn(body)].filter((name) => !own.has(name)));
}

function namesInAll(nodes: readonly PythonNode[]): Set<string> {
  return new Set(nodes.flatMap((node) => [...namesIn(node)]));
}

/** Whether an identifier is a variable's name, not that of an attribute, a keyword or a module's part. */
function isName({ field, parent }: PythonNode): boolean {
  if (!parent) return false;
  if (parent.kind === Kind.attribute) return field !== Field.attribute;
  if (parent.kind === Kind.keywordArgument) return field !== Field.name;
  return parent.kind !== Kind.keywordPattern || field === Field.value;
}

function addBound(node: PythonNode, names: Set<string>): void {
  switch (node.kind) {
    case Kind.functionDefinition:
    case Kind.classDefinition:
      addTargets(node.child(Field.name), names);
      return;
    case Kind.lambda:
      return;
    case Kind.assignment:
    case Kind.augmentedAssignment:
    case Kind.forStatement:
      addTargets(node.child(Field.left), names);
      break;
    case Kind.namedExpression:
      addTargets(node.child(Field.name), names);
      break;
    case Kind.asPatternTarget:
    case Kind.deleteStatement:
    case Kind.splatPattern:
      for (const child of node.children) addTargets(child, names);
      break;
    case Kind.casePattern: {
      const [only] = node.children;
      if (only?.kind === Kind.dottedName && only.children.length === 1) names.add(only.text);
      break;
    }
    case Kind.importStatement:
    case Kind.importFrom:
      for (const child of node.children) addImported(child, names);
      return;
  }
  for (const child of node.children) addBound(child, names);
}

function addImported(child: PythonNode, names: Set<string>): void {
  if (child.kind === Kind.wildcardImport) names.add('*');
  else if (child.field === Field.name) names.add(child.child(Field.alias)?.text ?? child.children[0]?.text ?? child.text);
}

function addTargets(node: PythonNode | undefined, names: Set<string>): void {
  if (!node) return;
  if (node.kind === Kind.identifier) names.add(node.text);
  else if (TARGETS.has(node.kind)) for (const child of node.children) addTargets(child, names);
}

const TARGETS: ReadonlySet<number> = new Set<number>([
  Kind.patternList,
  Kind.tuplePattern,
  Kind.listPattern,
  Kind.tuple,
  Kind.list,
  Kind.expressionList,
  Kind.listSplatPattern,
  Kind.dictionarySplatPattern,
  Kind.parenthesized,
  Kind.typedParameter,
]);
