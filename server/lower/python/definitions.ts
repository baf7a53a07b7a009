// Definitions: functions, lambdas and classes with their heads; bodies of functions wait until what is around is done.

import type { FunctionKind, Parameter } from '../../model/module';
import { lastName } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { childOf, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import type { FunctionHead } from '../function-builder';
import type { Expression } from '../local-flow';
import { typeOf } from './annotations';
import { calleeOf } from './calls';
import type { ClassDraft, Lowering } from './lowering';
import { parameterName, type Scope } from './scopes';
import { assignName } from './targets';
import { claimsThreadSafety, saysLockIsHeld } from './thread-safety-claims';
import { decoratorsOf, docstringOf, isAsync, lastNameOf, scopeKindOf } from './tree-shapes';

const PROPERTIES: ReadonlySet<string> = new Set(['property', 'cached_property', 'abstractproperty', 'setter', 'getter', 'deleter']);
/** Decorators and base classes under which annotated names in a class body are fields of each instance. */
const FIELD_DECLARERS: ReadonlySet<string> = new Set(['dataclass', 'define', 'frozen', 'mutable', 'attrs', 's', 'NamedTuple', 'TypedDict', 'BaseModel']);

/** Lowers a definition with its decorators; `definition` is the function or class itself. */
export function define(lowering: Lowering, definition: number): void {
  const { tree, builder } = lowering;
  const isClass = tree.kind[definition] === Kind.classDefinition;
  const nodes = decoratorsOf(tree, definition);
  const decorators = nodes.map((node) => calleeOf(lowering, firstChild(tree, node)));
  const values = decorators.map((decorator) => decorator.value);
  const value = isClass ? classDefinition(lowering, definition, values, nodes) : functionDefinition(lowering, definition, values, nodes);
  if (!value) return;
  // Applied from the inside out.
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { value: callee, depends } = decorators[i];
    builder.emit({ kind: 'call', span: lowering.spanOf(nodes[i]), callee, arguments: [{ value, depends: [] }], form: 'decorator', outcome: 'used', depends });
  }
  const name = childOf(tree, definition, Field.name);
  if (name >= 0 && (isClass || lowering.scope.kind !== 'class')) assignName(lowering, lowering.nameOf(name), { value, depends: [] }, name);
}

function functionDefinition(lowering: Lowering, node: number, decorators: readonly Value[], decoratorNodes: readonly number[]): Value | undefined {
  const { tree } = lowering;
  const scope = lowering.scopes.byNode.get(node);
  if (!scope) return undefined;
  const nameNode = childOf(tree, node, Field.name);
  const name = nameNode < 0 ? '' : lowering.nameOf(nameNode);
  const decoratorNames = decoratorNodes.map((each) => lastNameOf(tree, lowering.names, each));
  const returns = typeOf(lowering, childOf(tree, node, Field.returnType));
  const body = childOf(tree, node, Field.body);
  const docstring = noteDocstring(lowering, body);
  const head: FunctionHead = {
    qualifiedName: scope.qualifiedName,
    name,
    kind: kindOf(lowering, scope, node, name, decoratorNames),
    ...ownerOf(scope),
    parameters: parametersOf(lowering, childOf(tree, node, Field.parameters)),
    isAsync: isAsync(tree, node),
    isGenerator: scope.isGenerator,
    isPrivate: isPrivateName(name),
    decorators,
    ...(returns ? { returns } : {}),
    ...(claimsThreadSafety(name, docstring) ? { claimsThreadSafety: true } : {}),
    ...(saysLockIsHeld(docstring) ? { calledUnderLock: true } : {}),
    span: lowering.spanOf(node),
    nameSpan: nameNode < 0 ? { start: tree.start[node], end: tree.start[node] } : lowering.spanOf(nameNode),
  };
  lowering.pending.push({ scope, head, body });
  if (lowering.scope.kind === 'class' && name !== '') registerMethod(lowering.classes[lowering.scope.class], name, decoratorNames, scope.function);
  return { kind: 'function', function: scope.function };
}

/** A setter goes by `name=`; a deleter and the declarations of overloads leave the method they belong to alone. */
function registerMethod(draft: ClassDraft | undefined, name: string, decoratorNames: readonly string[], index: number): void {
  if (!draft || decoratorNames.includes('deleter') || decoratorNames.includes('overload')) return;
  draft.methods[decoratorNames.includes('setter') ? `${name}=` : name] = index;
}

/** Lowers a lambda to the function it is. */
export function lambda(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  const scope = lowering.scopes.byNode.get(node);
  if (!scope) return { value: UNKNOWN, depends: [] };
  const head: FunctionHead = {
    qualifiedName: scope.qualifiedName,
    name: scope.qualifiedName.slice(scope.qualifiedName.lastIndexOf('.') + 1),
    kind: 'lambda',
    ...ownerOf(scope),
    parameters: parametersOf(lowering, childOf(tree, node, Field.parameters)),
    isAsync: false,
    isGenerator: scope.isGenerator,
    isPrivate: true,
    decorators: [],
    span: lowering.spanOf(node),
    nameSpan: { start: tree.start[node], end: Math.min(tree.start[node] + 'lambda'.length, tree.end[node]) },
  };
  lowering.pending.push({ scope, head, body: childOf(tree, node, Field.body) });
  return { value: { kind: 'function', function: scope.function }, depends: [] };
}

/** The head of a function that was never reached because it stands too deep. */
export function headOfUnreached(lowering: Lowering, scope: Scope): FunctionHead {
  const span = lowering.spanOf(scope.node);
  const name = scope.qualifiedName.slice(scope.qualifiedName.lastIndexOf('.') + 1);
  const isLambda = scope.kind === 'lambda';
  const nameSpan = { start: span.start, end: span.start };
  return {
    qualifiedName: scope.qualifiedName,
    name,
    kind: isLambda ? 'lambda' : 'function',
    ...ownerOf(scope),
    parameters: [],
    isAsync: false,
    isGenerator: false,
    isPrivate: isLambda || isPrivateName(name),
    decorators: [],
    span,
    nameSpan,
  };
}

function ownerOf(scope: Scope): { class?: number; parent?: number } {
  return { ...(scope.class >= 0 ? { class: scope.class } : {}), parent: scope.parent!.function };
}

function kindOf(lowering: Lowering, scope: Scope, node: number, name: string, decoratorNames: readonly string[]): FunctionKind {
  if (scope.parent?.kind !== 'class') return 'function';
  if (decoratorNames.some((each) => PROPERTIES.has(each))) return 'property';
  const receiver = scopeKindOf(lowering.tree, lowering.names, node);
  if (receiver === undefined) return 'static-method';
  if (receiver === 'class') return 'class-method';
  return name === '__init__' ? 'constructor' : 'method';
}

/** `_name` and `__name`, but not `__name__`. */
export function isPrivateName(name: string): boolean {
  return name.startsWith('_') && !(name.startsWith('__') && name.endsWith('__') && name.length > 4);
}

function parametersOf(lowering: Lowering, list: number): Parameter[] {
  const { tree } = lowering;
  const parameters: Parameter[] = [];
  if (list < 0) return parameters;
  for (const child of childrenOf(tree, list)) {
    const name = parameterName(tree, child);
    if (name < 0) continue;
    const annotation = typeOf(lowering, childOf(tree, child, Field.type));
    const hasDefault = tree.kind[child] === Kind.defaultParameter || tree.kind[child] === Kind.typedDefaultParameter;
    const given = hasDefault ? lowering.parts.load(childOf(tree, child, Field.value)).value : undefined;
    const pattern = tree.kind[tree.kind[child] === Kind.typedParameter ? firstChild(tree, child) : child];
    const rest = pattern === Kind.listSplatPattern ? 'positional' : pattern === Kind.dictionarySplatPattern ? 'keyword' : undefined;
    parameters.push({ name: lowering.nameOf(name), ...(annotation ? { annotation } : {}), ...(given ? { default: given } : {}), ...(rest ? { rest } : {}) });
  }
  return parameters;
}

/** A class body runs in the function around it, at once. */
function classDefinition(lowering: Lowering, node: number, decorators: readonly Value[], decoratorNodes: readonly number[]): Value | undefined {
  const { tree, scopes } = lowering;
  const scope = scopes.byNode.get(node);
  if (!scope) return undefined;
  const nameNode = childOf(tree, node, Field.name);
  const name = nameNode < 0 ? '' : lowering.nameOf(nameNode);
  const bases: Value[] = [];
  let metaclass: Value | undefined;
  const superclasses = childOf(tree, node, Field.superclasses);
  if (superclasses >= 0) {
    for (const child of childrenOf(tree, superclasses)) {
      const isKeyword = tree.kind[child] === Kind.keywordArgument;
      const { value } = lowering.parts.load(isKeyword ? childOf(tree, child, Field.value) : child);
      if (!isKeyword) bases.push(value);
      else if (lowering.nameOf(childOf(tree, child, Field.name)) === 'metaclass') metaclass = value;
    }
  }
  const body = childOf(tree, node, Field.body);
  const docstring = noteDocstring(lowering, body);
  const lastNames = [...decoratorNodes.map((each) => lastNameOf(tree, lowering.names, each)), ...bases.map(lastStep)];
  const draft: ClassDraft = {
    name,
    qualifiedName: scope.qualifiedName,
    bases,
    ...(metaclass ? { metaclass } : {}),
    decorators: [...decorators],
    methods: Object.create(null) as Record<string, number>,
    fields: [],
    ...(claimsThreadSafety(name, docstring) ? { claimsThreadSafety: true } : {}),
    span: lowering.spanOf(node),
    nameSpan: nameNode < 0 ? { start: tree.start[node], end: tree.start[node] } : lowering.spanOf(nameNode),
    declaresFields: lastNames.some((each) => FIELD_DECLARERS.has(each)),
  };
  lowering.classes[scope.class] = draft;
  const around = lowering.scope;
  lowering.scope = scope;
  if (body >= 0) lowering.parts.block(body);
  lowering.scope = around;
  return { kind: 'class', class: scope.class };
}

function lastStep(value: Value): string {
  if (value.kind !== 'place') return '';
  return lastName(value.place) ?? '';
}

/** The docstring's text; its place is noted as a comment. */
export function noteDocstring(lowering: Lowering, body: number): string {
  const node = docstringOf(lowering.tree, body);
  if (node === undefined) return '';
  const { start, end } = lowering.spanOf(node);
  lowering.docstrings.push(start, end);
  return lowering.tree.text.slice(start, Math.min(end, start + 4000));
}
