// Bound the queue: put() waits when as much is in the queue as may be.
import { type Fix, inFile, insertion, replacement } from '../fix';
import { argumentNamed, argumentsOf, callAt } from './calls';

/** How many items may wait; whoever takes the fix looks at it. */
const SIZE = '1000';

/** `Queue()` becomes `Queue(maxsize=1000)`. */
export const boundQueue: Fix<'bound-queue'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const given = call && argumentsOf(call);
  if (!given || given.length > 1) return undefined;
  const size = argumentNamed(given, 'maxsize', 0)?.value;
  if (given.length === 1 && !size) return undefined;
  const edit = size ? replacement(size, SIZE) : insertion(call.end - 1, `maxsize=${SIZE}`);
  return { title: `Let no more than ${SIZE} items wait in it`, edits: inFile(at.file, [edit]) };
};
