// Hold a lock: a with statement around what has to happen in one go with the access to what the lock guards elsewhere.
import { type Fix, inFile } from '../fix';
import { isHeldLong } from './long-held';
import { holdEdits, isMovable, mayHold, runAround, spanOf } from './sections';

/** `with lock:` before the statement, or before the first of all that belong together, and those one level deeper. */
export const holdLock: Fix<'hold-lock'> = ({ site, lock, key, along = [] }, context) => {
  const at = context.pythonAt(site);
  if (!at || (key !== undefined && isHeldLong(context.program, key))) return undefined;
  const places = along.map((each) => context.pythonAt(each));
  const run = runAround(at.source, [at.span, ...places.flatMap((place) => place?.span ?? [])]);
  if (!run || !isMovable(at.source, run) || !mayHold(context.program, site.function, spanOf(run), key)) return undefined;
  const edits = holdEdits(at.source, run, lock);
  return edits && { title: `Hold ${lock} around ${run.length > 1 ? 'these statements' : 'this statement'}`, edits: inFile(at.file, edits) };
};
