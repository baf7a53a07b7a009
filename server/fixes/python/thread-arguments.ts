// Thread arguments: what is handed to a thread goes into a tuple, and its function to where the library looks for it.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { argumentNamed, argumentsOf, callAt, isSplat } from './calls';

/** `args=(x)` and `args="x"` become `args=(x,)` and `args=("x",)`. */
export const makeTuple: Fix<'make-tuple'> = ({ site, position }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const value = call && argumentNamed(argumentsOf(call) ?? [], 'args', position)?.value;
  if (!value || value.text.includes('#')) return undefined;
  if (value.kind !== Kind.parenthesized) {
    const newText = `(${value.text},)`;
    return { title: `Hand over the tuple ${newText}`, edits: inFile(at.file, [replacement(value, newText)]) };
  }
  const [inner] = value.children;
  if (!inner || inner.kind === Kind.parenthesized || inner.kind === Kind.yield || inner.kind === Kind.namedExpression) return undefined;
  return { title: `Make it the tuple (${inner.text},)`, edits: inFile(at.file, [insertion(inner.end, ',')]) };
};

/** `Thread(f)` becomes `Thread(target=f)`, `Timer(f, 5)` becomes `Timer(5, f)`. */
export const placeTarget: Fix<'place-target'> = ({ site, timer }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const given = call && argumentsOf(call);
  if (!given || given.some(({ value }) => isSplat(value))) return undefined;
  const [first, second, third] = given.filter(({ name }) => name === undefined).map(({ value }) => value);
  const keywords = new Set(given.map(({ name }) => name));
  if (timer) {
    if (!first || !second || keywords.has('interval') || keywords.has('function') || second.kind === Kind.lambda) return undefined;
    const edits = [replacement(first, second.text), replacement(second, first.text)];
    return { title: `Give the seconds first: ${second.text}, ${first.text}`, edits: inFile(at.file, edits) };
  }
  if (!first || third || keywords.has('target') || keywords.has('group') || (second && (!isTuple(second) || keywords.has('args')))) return undefined;
  const edits = [insertion(first.start, 'target='), ...(second ? [insertion(second.start, 'args=')] : [])];
  return { title: `Give ${first.text} as the target`, edits: inFile(at.file, edits) };
};

function isTuple({ kind }: PythonNode): boolean {
  return kind === Kind.tuple || kind === Kind.list;
}
