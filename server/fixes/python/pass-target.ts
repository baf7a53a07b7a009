// Pass the target: a function that was called where it should be handed over is handed over, and its arguments beside it.
import { Field, Kind, type PythonNode, pythonNodeAt } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, replacement } from '../fix';
import { quoteOf } from '../layout';
import { argumentNamed, argumentsOf, type CallArgument, callAt, isSplat } from './calls';
import { isPlainPlace } from './places';

/** `Thread(target=f(x))` becomes `Thread(target=f, args=(x,))`, `submit(f(x))` becomes `submit(f, x)`. */
export const passTarget: Fix<'pass-target'> = ({ site, called, takes }, context) => {
  const [at, inner] = [context.pythonAt(site), context.pythonAt(called)];
  const call = at && callAt(at.node);
  const made = inner && callAt(pythonNodeAt(inner.source.tree, inner.span));
  const callee = made?.child(Field.function);
  const [given, handed] = [call && argumentsOf(call), made && argumentsOf(made)];
  if (!at || !call || !made || !callee || !given || !handed || !isPlainPlace(callee) || made.text.includes('#')) return undefined;
  const target = given.find(({ value }) => value.start === made.start && value.end === made.end);
  const newText = target && (takes === 'tuple' ? inTuple(callee, handed, given, at.source.text) : beside(callee, handed, target, given));
  if (newText === undefined) return undefined;
  const edits: TextEdit[] = [replacement(made, newText)];
  return { title: `Hand over ${callee.text} itself instead of calling it here`, edits: inFile(at.file, edits) };
};

/** `f, args=(x,), kwargs={"k": 1}`. */
function inTuple(callee: PythonNode, handed: readonly CallArgument[], given: readonly CallArgument[], text: string): string | undefined {
  if (handed.length === 0) return callee.text;
  // By position others may stand where these belong.
  const last = given.at(-1)!;
  if (argumentNamed(given, 'args') || argumentNamed(given, 'kwargs') || given.some(({ value }) => isSplat(value))) return undefined;
  if (last.name === undefined && given.length > 2) return undefined;
  const quote = quoteOf(text);
  const positional = handed.filter(({ name, value }) => name === undefined && value.kind !== Kind.dictionarySplat).map(({ node }) => node.text);
  const named = handed.filter(({ name, value }) => name !== undefined || value.kind === Kind.dictionarySplat);
  const pairs = named.map(({ name, node, value }) => (name === undefined ? node.text : `${quote}${name}${quote}: ${value.text}`));
  return [
    callee.text,
    ...(positional.length > 0 ? [`args=(${positional.join(', ')}${positional.length === 1 ? ',' : ''})`] : []),
    ...(pairs.length > 0 ? [`kwargs={${pairs.join(', ')}}`] : []),
  ].join(', ');
}

/** `f, x`, where what the function is handed to gives it what follows. */
function beside(callee: PythonNode, handed: readonly CallArgument[], target: CallArgument, given: readonly CallArgument[]): string | undefined {
  if (handed.some(({ name, value }) => name !== undefined || value.kind === Kind.dictionarySplat)) return undefined;
  // What stands behind it already would come to be the function's last arguments.
  if (handed.length > 0 && (target.name !== undefined || given.at(-1) !== target)) return undefined;
  return [callee.text, ...handed.map(({ node }) => node.text)].join(', ');
}
