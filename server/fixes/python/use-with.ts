// Use with: a lock that is taken and given back by hand is held by a with statement, which gives it back on every way out.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, replacement } from '../fix';
import { nextLineOf } from '../layout';
import { followingOf, hasCommentBehind, ownsItsLines, removal, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { heldSection, nestSection } from './held-section';
import { isRebound } from './targets';

/** `lock.acquire()` … `lock.release()` → `with lock:`. */
export const useWith: Fix<'use-with'> = ({ site, releases }, context) => {
  const at = context.pythonAt(site);
  const taking = at && statementOf(at.node);
  const call = at && callAt(at.node);
  const given = releases.flatMap((release) => context.pythonAt(release)?.node ?? []);
  const lock = call && methodCalled(call)?.object.text;
  if (
    !taking ||
    !ownsItsLines(at.source, taking) ||
    lock === undefined ||
    !/^\w+(?:\.\w+)*$/.test(lock) ||
    given.some((node) => methodCalled(callAt(node) ?? node)?.object.text !== lock)
  )
    return undefined;
  const keyword = keywordOf(taking, call!);
  const section = keyword && heldSection(at.source, followingOf(taking), given);
  // A comment on what goes would go as well.
  if (!section || (section.last && hasCommentBehind(at.source, section.last))) return undefined;
  if (section.body.some((statement) => isRebound(statement, lock))) return undefined;
  return {
    title: `Hold ${lock} in ${keyword === 'with' ? 'a' : 'an'} ${keyword} statement`,
    edits: inFile(at.file, [
      replacement(taking, `${keyword} ${lock}:`),
      ...nestSection(at.source, nextLineOf(at.source.text, taking.end), section),
      ...(section.last ? [removal(at.source, section.last)] : []),
    ]),
  };
};

/** The same where the section is also left with the lock held. */
export const useWithOnExits: Fix<'use-with-on-exits'> = (intent, context) => useWith({ ...intent, kind: 'use-with' }, context);

/** How the lock is to be entered; undefined where taking it is part of something else, or may come to nothing. */
function keywordOf(taking: PythonNode, call: PythonNode): 'with' | 'async with' | undefined {
  const [argument] = /\((.*)\)$/s.exec(call.text)?.slice(1) ?? [];
  if (taking.kind !== Kind.expressionStatement || !/^\s*(?:(?:blocking\s*=\s*)?True)?\s*$/.test(argument ?? '?')) return undefined;
  const [only] = taking.children;
  if (only.start === call.start && only.end === call.end) return 'with';
  return only.kind === Kind.await && only.children[0]?.start === call.start ? 'async with' : undefined;
}
