// Use a pool in a with statement: its workers end where the work is done.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, isWithin, type PythonSource, replacement } from '../fix';
import { below, nextLineOf } from '../layout';
import { contains, deeper, followingOf, functionAround, isInCoroutine, leaves, ownsItsLines } from './blocks';
import { callAt, methodCalled } from './calls';
import { mentionsOf, namesIn } from './names';

/** `pool = Pool(4)` becomes `with Pool(4) as pool:` around all that uses it, where everybody waits for the results anyway. */
export const usePoolWith: Fix<'use-pool-with'> = ({ site, executor }, context) => {
  const at = context.pythonAt(site);
  const made = at && madePool(at.node, at.source);
  if (!at || !made || isInCoroutine(made.statement)) return undefined;
  const { source } = at;
  const { name, statement, run } = made;
  // What waits for a while, or for the first only, would wait for all.
  if (followingOf(statement).some((each) => /\b(?:timeout|FIRST_\w+|cancel|yield|wait|del)\b/.test(each.text))) return undefined;
  if (run.some((each) => !ownsItsLines(source, each)) || !run.every((each) => waits(each, name, executor))) return undefined;
  const edits: TextEdit[] = [
    replacement(statement, `with ${made.call.text} as ${name}:`),
    ...deeper(source, { start: nextLineOf(source.text, statement.end), end: run.at(-1)!.end }),
  ];
  return { title: `Use ${name} in a with statement, which ends its workers`, edits: inFile(at.file, edits) };
};

/** `executor.shutdown(wait=False)` behind the last job: who waits for what stays as it is. */
export const shutPoolDown: Fix<'shut-pool-down'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const made = at && madePool(at.node, at.source);
  if (!at || !made) return undefined;
  const last = made.run.at(-1)!;
  if (leaves(last) || contains(last, Kind.returnStatement) || !ownsItsLines(at.source, last)) return undefined;
  const edit = below(at.source.text, last, `${made.name}.shutdown(wait=False)`);
  return { title: `Shut ${made.name} down behind its last job`, edits: inFile(at.file, [edit]) };
};

interface MadePool {
  readonly call: PythonNode;
  readonly name: string;
  readonly statement: PythonNode;
  /** The statements of its block from the next one to the last that mentions it. */
  readonly run: readonly PythonNode[];
}

function madePool(node: PythonNode, source: PythonSource): MadePool | undefined {
  const call = callAt(node);
  const assignment = call?.parent?.kind === Kind.assignment ? call.parent : undefined;
  const [left, statement] = [assignment?.child(Field.left), assignment?.parent];
  if (!call || left?.kind !== Kind.identifier || assignment?.child(Field.type) || statement?.kind !== Kind.expressionStatement) return undefined;
  const body = functionAround(statement);
  if (!body || !ownsItsLines(source, statement)) return undefined;
  const following = followingOf(statement);
  const uses = mentionsOf(body, left.text).filter((each) => each !== left && isVariable(each));
  const last = following.findLastIndex((each) => uses.some((use) => isWithin(use, each)));
  const run = following.slice(0, last + 1);
  const inRun = (use: PythonNode) => run.length > 0 && isWithin(use, { start: run[0].start, end: run.at(-1)!.end });
  // Only methods are called on it, right here: nobody else has it.
  if (uses.length === 0 || !uses.every((use) => inRun(use) && isUsedAtOnce(use, body))) return undefined;
  return { call, name: left.text, statement, run };
}

function isVariable(node: PythonNode): boolean {
  return namesIn(node).size > 0;
}

/** `pool.map(…)` in the function itself, not in one that it makes. */
function isUsedAtOnce(use: PythonNode, body: PythonNode): boolean {
  const call = use.parent?.parent;
  return call !== undefined && methodCalled(call)?.object === use && functionAround(use) === body && use.closest(Kind.functionDefinition, Kind.lambda) === body;
}

/** Whether a statement waits for the jobs that it hands over, or for those before it, as the end of the with statement does. */
function waits(statement: PythonNode, name: string, executor: boolean): boolean {
  for (const node of statement.walk()) {
    const called = node.kind === Kind.call ? methodCalled(node) : undefined;
    if (called?.object.text !== name) continue;
    const method = called.method.text;
    if (executor ? method !== 'map' && !(method === 'submit' && isAskedHere(node)) : !/^(?:map|starmap|apply)$/.test(method)) return false;
    if (executor && method === 'map' && !isReadHere(node)) return false;
  }
  return true;
}

/** A future that is asked in the same function: by result() on it, or on what goes through the container that it is in. */
function isAskedHere(call: PythonNode): boolean {
  return /\.result\(\)/.test(functionAround(call)?.text ?? '') && call.parent?.kind !== Kind.expressionStatement;
}

/** The results of map are read where it is called, or its lines hand them to somebody who does. */
function isReadHere(call: PythonNode): boolean {
  const { parent } = call;
  return parent?.kind === Kind.forStatement || parent?.kind === Kind.argumentList || parent?.kind === Kind.forInClause;
}
