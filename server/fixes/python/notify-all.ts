// Notify all: every waiter is woken, and finds out by its own test whether it may go on.
import { Field } from '../../syntax/python/nodes';
import { type FileEdit, type Fix, replacement } from '../fix';
import { callAt } from './calls';

/** `cond.notify()` → `cond.notify_all()`, on all sides: one that wakes a single thread is enough to wake the wrong one. */
export const notifyAll: Fix<'notify-all'> = ({ site, others }, context) => {
  const edits: FileEdit[] = [];
  for (const each of [site, ...others]) {
    const at = context.pythonAt(each);
    const call = at && callAt(at.node);
    const method = call?.child(Field.function)?.child(Field.attribute);
    if (!call || method?.text !== 'notify' || call.text.includes('#')) return undefined;
    edits.push({ file: at.file, ...replacement({ start: method.end, end: call.end }, '_all()') });
  }
  return { title: `Wake all waiters${others.length > 0 ? ', wherever one is woken' : ''}: notify_all()`, edits };
};
