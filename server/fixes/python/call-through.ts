// Calling through: a call is handed over, function and arguments, to something that makes it elsewhere.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { insertion, type PythonSource, replacement } from '../fix';
import { lineEndOf, lineIndentOf } from '../layout';

/** `f(a, b)` → `through(f, a, b)`; undefined where the arguments do not stand in a list of their own, or `f` on several lines. */
export function callThrough({ text }: PythonSource, call: PythonNode, through: string): readonly TextEdit[] | undefined {
  const [callee, given] = [call.child(Field.function), call.child(Field.arguments)];
  if (!callee || given?.kind !== Kind.argumentList || /[\r\n]/.test(callee.text)) return undefined;
  const [first] = given.children;
  const opening = { start: call.start, end: given.start + 1 };
  if (!first) return [replacement(opening, `${through}(${callee.text}`)];
  const isBelow = /[\r\n]/.test(text.slice(given.start, first.start));
  const separator = isBelow ? `,${lineEndOf(text)}${lineIndentOf(text, first.start)}` : ', ';
  return [replacement(opening, `${through}(`), insertion(first.start, `${callee.text}${separator}`)];
}
