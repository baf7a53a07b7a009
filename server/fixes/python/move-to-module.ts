// Move to the module: a lambda or inner function that another process has to find by its name becomes a function of the module.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, type PythonSource, replacement } from '../fix';
import { freshName, indentOf, lineEndOf, lineStartOf, nextLineOf, unitOf } from '../layout';
import { contains, functionAround, isStatement, moved, ownsItsLines, siblingsOf } from './blocks';
import { callAt } from './calls';
import { parameterNames } from './functions';
import { importedMember } from './imports';
import { commentsAbove, outerStatementOf } from './module-statements';
import { boundNames, mentionsOf, namesIn } from './names';

/** What it takes from the functions around it is bound by `functools.partial`, as long as that is only parameters of theirs. */
export const moveToModule: Fix<'move-to-module'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  if (!at || !call) return undefined;
  const { source } = at;
  const found = innerFunction(call);
  if (!found) return undefined;
  const { use, definition } = found;
  const captured = capturedBy(definition);
  const before = outerStatementOf(definition);
  if (!captured || before.kind === Kind.expressionStatement || (captured.length > 0 && definition.kind !== Kind.lambda && usesOf(definition).length > 1))
    return undefined;
  const partial = captured.length > 0 ? importedMember(source, 'functools', 'partial') : undefined;
  if (captured.length > 0 && !partial) return undefined;
  const made = definition.kind === Kind.lambda ? ofLambda(definition, captured, source) : ofInner(definition, captured, source);
  if (!made) return undefined;
  const end = lineEndOf(source.text);
  const newUse = partial ? `${partial.name}(${made.name}, ${captured.join(', ')})` : made.name;
  const edits: TextEdit[] = [
    ...(partial?.edits ?? []),
    insertion(commentsAbove(source, before), `${made.text}${end}${end}${end}`),
    ...made.edits,
    ...(newUse === use.text ? [] : [replacement(use, newUse)]),
  ];
  return { title: `Make ${made.name}() a function of the module`, edits: inFile(at.file, edits) };
};

interface Inner {
  /** What stands in the call. */
  readonly use: PythonNode;
  readonly definition: PythonNode;
}

/** The lambda or the inner function among a call's arguments; undefined where there are several. */
function innerFunction(call: PythonNode): Inner | undefined {
  const list = call.child(Field.arguments);
  const values = (list?.kind === Kind.argumentList ? list.children : []).map((each) => (each.kind === Kind.keywordArgument ? each.child(Field.value)! : each));
  const found = values.flatMap((use): Inner[] => {
    if (use.kind === Kind.lambda) return [{ use, definition: use }];
    const definition = use.kind === Kind.identifier ? definedAround(use) : undefined;
    return definition ? [{ use, definition }] : [];
  });
  return found.length === 1 && functionAround(call) ? found[0] : undefined;
}

/** The only definition of a name, right in the function that holds the use. */
function definedAround(use: PythonNode): PythonNode | undefined {
  const body = functionAround(use)?.child(Field.body);
  const definitions = (body?.children ?? []).filter((each) => each.kind === Kind.functionDefinition && each.child(Field.name)?.text === use.text);
  return definitions.length === 1 ? definitions[0] : undefined;
}

/** The names that it takes from functions around it, if each is a parameter that keeps its value; undefined where others are among them. */
function capturedBy(definition: PythonNode): readonly string[] | undefined {
  const names = [...namesIn(definition)].filter((name) => name !== definition.child(Field.name)?.text);
  const captured: string[] = [];
  for (let around = functionAround(definition); around; around = functionAround(around)) {
    const body = around.child(Field.body);
    const parameters = parameterNames(around);
    const bound = body ? boundNames(body) : new Set<string>();
    for (const name of names) {
      if (captured.includes(name)) continue;
      if (bound.has(name)) return undefined;
      if (!parameters.includes(name)) continue;
      if (/^(?:self|cls)$/.test(name)) return undefined;
      captured.push(name);
    }
  }
  // A variable of a comprehension around it is nobody's parameter.
  for (let at = definition.parent; at && at.kind !== Kind.functionDefinition; at = at.parent) {
    for (const child of at.children)
      if (child.kind === Kind.forInClause && names.some((name) => child.child(Field.left)?.text.includes(name))) return undefined;
  }
  return captured;
}

interface Made {
  readonly name: string;
  /** The function of the module, without the line end behind it. */
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

function ofLambda(lambda: PythonNode, captured: readonly string[], source: PythonSource): Made | undefined {
  const [parameters, body] = [lambda.child(Field.parameters), lambda.child(Field.body)];
  if (!body || /[\r\n#]/.test(lambda.text) || parameters?.children.some((each) => each.kind === Kind.defaultParameter)) return undefined;
  const around =
    functionAround(lambda)
      ?.child(Field.name)
      ?.text.replace(/^_+|_+$/g, '') ?? 'module';
  const name = freshName(source.text, `_${around}_job`);
  const all = [...captured, ...(parameters ? [parameters.text] : [])].join(', ');
  return { name, text: `def ${name}(${all}):${lineEndOf(source.text)}${unitOf(source.text, '')}return ${body.text}`, edits: [] };
}

function ofInner(definition: PythonNode, captured: readonly string[], source: PythonSource): Made | undefined {
  const [name, parameters] = [definition.child(Field.name)!, definition.child(Field.parameters)!];
  const indent = indentOf(source.text, definition.start);
  if (indent === undefined || !isStatement(definition) || siblingsOf(definition).length === 1 || !ownsItsLines(source, definition)) return undefined;
  if (boundNames(source.tree.root).has(name.text) || contains(definition, Kind.nonlocalStatement, Kind.defaultParameter)) return undefined;
  const start = commentsAbove(source, definition);
  const comments = moved(source, { start: start + indent.length, end: lineStartOf(source.text, definition.start) }, indent, '');
  const text = moved(source, definition, indent, '');
  const at = parameters.start + 1 - definition.start;
  const added = captured.length === 0 ? '' : `${captured.join(', ')}${parameters.children.length > 0 ? ', ' : ''}`;
  return {
    name: name.text,
    text: `${start < definition.start - indent.length ? comments : ''}${text.slice(0, at)}${added}${text.slice(at)}`,
    edits: [withoutBlankLines(start, definition, source)],
  };
}

/** From the definition's comment to the empty lines behind it. */
function withoutBlankLines(start: number, definition: PythonNode, { text }: PythonSource): TextEdit {
  let end = nextLineOf(text, definition.end);
  while (end < text.length && text.slice(end, nextLineOf(text, end)).trim() === '') end = nextLineOf(text, end);
  return replacement({ start, end }, '');
}

/** Where an inner function is mentioned in the function around it. */
function usesOf(definition: PythonNode): PythonNode[] {
  const [around, name] = [functionAround(definition), definition.child(Field.name)?.text ?? ''];
  return around ? mentionsOf(around, name).filter((node) => node.parent !== definition && namesIn(node).size > 0) : [];
}
