// Hold a lock: a with statement around what has to happen in one go with the access to what the lock guards elsewhere.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile } from '../fix';
import { followingOf } from './blocks';
import { isHeldLong } from './long-held';
import { holdEdits, isMovable, mayHold, runAround, spanOf } from './sections';

/** `with lock:` before the statement, or before the first of all that belong together, and those one level deeper. */
export const holdLock: Fix<'hold-lock'> = ({ site, lock, key, along = [] }, context) => {
  const at = context.pythonAt(site);
  if (!at || (key !== undefined && isHeldLong(context.program, key))) return undefined;
  const places = along.map((each) => context.pythonAt(each));
  const fits = (statements: readonly PythonNode[]) => isMovable(at.source, statements) && mayHold(context.program, site.function, spanOf(statements), key);
  const least = runAround(at.source, [at.span, ...places.flatMap((place) => place?.span ?? [])]);
  if (!least || !fits(least)) return undefined;
  const whole = [...least, ...tellingOf(least.at(-1)!)];
  const run = fits(whole) ? whole : least;
  const edits = holdEdits(at.source, run, lock);
  return edits && { title: `Hold ${lock} around ${run.length > 1 ? 'these statements' : 'this statement'}`, edits: inFile(at.file, edits) };
};

/** How far behind a change what was written may be told of. */
const NEAR = 4;

/** The statements behind a change up to one that tells of what it has written: `return self.count` behind `self.count += 1`. */
export function tellingOf(change: PythonNode): readonly PythonNode[] {
  const [only] = change.kind === Kind.expressionStatement ? change.children : [];
  const callee = only?.kind === Kind.call ? only.child(Field.function)?.child(Field.object) : undefined;
  const target = callee ?? only?.child(Field.left);
  const place = target?.kind === Kind.subscript ? target.children[0] : target;
  if (place?.kind !== Kind.attribute) return [];
  const near = followingOf(change).slice(0, NEAR);
  const last = near.findLastIndex((statement) => [...statement.walk()].some(({ kind, text }) => kind === Kind.attribute && text === place.text));
  return near.slice(0, last + 1);
}
