// Await a call: `save();` → `await save();`, where the function around it can wait.
import ts from 'typescript';
import { type Fix, inFile } from '../fix';
import { awaiting, exactly, mayAwait } from './awaits';
import { textOf } from './nodes';

/** Not where the function around the call is no async one: there its callers would have to wait as well. */
export const awaitCall: Fix<'await-call'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const call = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  if (!at || !call || !mayAwait(call.above)) return undefined;
  const name = shortName(textOf(at.source, call.node.expression));
  return { title: `Wait for ${name}`, edits: inFile(at.file, awaiting(at.source, call.node, call.above.at(-1))) };
};

/** `this.store.save` as it is; of a long chain only what is called at last. */
function shortName(callee: string): string {
  return `${/^[\w$.?!#]{1,40}$/.test(callee) ? callee.replace(/\?\.$/, '') : (/[\w$#]+$/.exec(callee)?.[0] ?? 'the call')}()`;
}
