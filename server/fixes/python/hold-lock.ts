// Hold a lock: a with statement around what has to happen in one go with the access to what the lock guards elsewhere.
import type { FunctionKey, LockKey } from '../../summary/keys';
import type { Program } from '../../summary/program';
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { Span } from '../../text/span';
import { type Fix, type FixPlan, inFile, type PythonSource } from '../fix';
import { expressionOf, followingOf } from './blocks';
import { isHeldLong } from './long-held';
import { holdEdits, isMovable, mayHold, runAround, spanOf } from './sections';

/** `with lock:` before the statement, or before the first of all that belong together, and those one level deeper. */
export const holdLock: Fix<'hold-lock'> = ({ site, lock, key, along = [] }, context) => {
  const at = context.pythonAt(site);
  if (!at || (key !== undefined && isHeldLong(context.program, key))) return undefined;
  const places = along.flatMap((each) => context.pythonAt(each)?.span ?? []);
  return holdAround(context.program, site.function, at.source, [at.span, ...places], lock, key);
};

/** Holds a lock, given by its text and its key, around the statements of a function that some spans stand in, and those that tell what they have done. */
export function holdAround(program: Program, fn: FunctionKey, source: PythonSource, spans: readonly Span[], lock: string, key?: LockKey): FixPlan | undefined {
  const least = runAround(source, spans);
  const fits = (statements: readonly PythonNode[]) => isMovable(source, statements) && mayHold(program, fn, spanOf(statements), key);
  const run = least && [[...least, ...tellingOf(least.at(-1)!)], least].find(fits);
  const edits = run && holdEdits(source, run, lock);
  return edits && { title: `Hold ${lock} around ${run.length > 1 ? 'these statements' : 'this statement'}`, edits: inFile(source.file, edits) };
}

/** How far behind a change what was written may be told of. */
const NEAR = 4;

/** The statements behind a change up to one that tells of what it has written: `return self.count` behind `self.count += 1`. */
function tellingOf(change: PythonNode): readonly PythonNode[] {
  const only = expressionOf(change);
  const callee = only?.kind === Kind.call ? only.child(Field.function)?.child(Field.object) : undefined;
  const target = callee ?? only?.child(Field.left);
  const place = target?.kind === Kind.subscript ? target.children[0] : target;
  if (place?.kind !== Kind.attribute) return [];
  const near = followingOf(change).slice(0, NEAR);
  const last = near.findLastIndex((statement) => [...statement.walk()].some(({ kind, text }) => kind === Kind.attribute && text === place.text));
  return near.slice(0, last + 1);
}
