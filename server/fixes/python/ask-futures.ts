// Ask the futures: those that were dropped inside a pool's with statement are kept and asked for their results at its end.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, type FixPlan, inFile, insertion, type PythonSource } from '../fix';
import { below, lineEndOf, lineIndentOf, lineStartOf, unitOf } from '../layout';
import { contains, holderOf, isInCoroutine, LEAVING, ownsItsLines, siblingsOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { freeName } from './names';
import { isBoundByWith } from './with-statements';

/** Where the end of the with statement waits for the jobs anyway, what they raised is raised there as well. */
export const askFutures: Fix<'ask-futures'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const pool = call && methodCalled(call)?.object;
  if (!at || !call || pool?.kind !== Kind.identifier || isInCoroutine(call)) return undefined;
  const { source, file } = at;
  const holder = call.parent;
  if (holder?.kind === Kind.listComprehension && holder.child(Field.body) === call) return ofComprehension(call, holder, pool.text, source, file);
  if (holder?.kind !== Kind.expressionStatement || !ownsItsLines(source, holder)) return undefined;
  const loop = holderOf(holder);
  if (loop?.kind === Kind.forStatement) return ofLoop(call, loop, pool.text, source, file);
  return loop && isBoundByWith(loop, pool.text) ? ofOne(call, holder, source, file) : undefined;
};

/** `[pool.submit(f, x) for x in xs]` */
function ofComprehension(call: PythonNode, list: PythonNode, pool: string, source: PythonSource, file: string): FixPlan | undefined {
  const statement = list.parent;
  const holder = statement && holderOf(statement);
  if (statement?.kind !== Kind.expressionStatement || !holder || !isBoundByWith(holder, pool) || !ownsItsLines(source, statement)) return undefined;
  const name = freeName(call, 'futures');
  const last = siblingsOf(statement).at(-1)!;
  if (!canFollow(last, source)) return undefined;
  return planOf(file, name, [insertion(list.start, `${name} = `), asking(name, last, source)]);
}

/** A loop that hands over one job a round, in the with statement. */
function ofLoop(call: PythonNode, loop: PythonNode, pool: string, source: PythonSource, file: string): FixPlan | undefined {
  const holder = holderOf(loop);
  if (!holder || !isBoundByWith(holder, pool) || loop.isAsync || !ownsItsLines(source, loop)) return undefined;
  const name = freeName(call, 'futures');
  const last = siblingsOf(loop).at(-1)!;
  if (!canFollow(last, source)) return undefined;
  const start = lineStartOf(source.text, loop.start);
  const indent = lineIndentOf(source.text, loop.start);
  return planOf(file, name, [
    insertion(start, `${indent}${name} = []${lineEndOf(source.text)}`),
    insertion(call.start, `${name}.append(`),
    insertion(call.end, ')'),
    asking(name, last, source),
  ]);
}

function ofOne(call: PythonNode, statement: PythonNode, source: PythonSource, file: string): FixPlan | undefined {
  const name = freeName(call, 'future');
  const last = siblingsOf(statement).at(-1)!;
  if (!canFollow(last, source)) return undefined;
  const edits = [insertion(call.start, `${name} = `), below(source.text, last, `${name}.result()`)];
  return { title: 'Ask the future at the end of the with statement', edits: inFile(file, edits) };
}

function planOf(file: string, name: string, edits: readonly TextEdit[]): FixPlan {
  return { title: `Keep the ${name} and ask each at the end of the with statement`, edits: inFile(file, edits) };
}

function asking(name: string, last: PythonNode, { text }: PythonSource): TextEdit {
  const each = freeName(last, 'future');
  return below(text, last, `for ${each} in ${name}:`, `${unitOf(text, lineIndentOf(text, last.start))}${each}.result()`);
}

/** Whether something can stand behind the last statement of the with statement. */
function canFollow(last: PythonNode, source: PythonSource): boolean {
  return ownsItsLines(source, last) && !contains(last, ...LEAVING, Kind.yield);
}
