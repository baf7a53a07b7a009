// Clear the event first: right behind the wait, or before what makes others set it, so that no set() is wiped out unseen.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { indentOf, lineEndOf, lineStartOf } from '../layout';
import { hasCommentBehind, ownsItsLines, precedingOf, removal, siblingsOf, statementIn, statementOf } from './blocks';
import { commentsAbove } from './module-statements';

/** The `clear()` changes its place within its block: in front of the first statement that looks for work or asks for it. */
export const clearEventFirst: Fix<'clear-event-first'> = ({ site, work }, context) => {
  const [at, worker] = [context.pythonAt(site), context.pythonAt(work)];
  const clear = at && statementOf(at.node);
  const looking = worker && clear?.parent && statementIn(clear.parent, worker.node);
  const first = clear && looking && behindWait(looking, clear);
  if (!at || !clear || !first || first === clear || clear.kind !== Kind.expressionStatement || clear.children[0].start !== at.span.start) return undefined;
  const { text } = at.source;
  const siblings = siblingsOf(clear);
  const between = siblings.slice(siblings.indexOf(first), siblings.indexOf(clear));
  const indent = indentOf(text, first.start);
  // Who asks for the event in between means the set() of before.
  const asks = between.some((statement) => statement.text.includes(clear.text.replace(/\.clear\(\)$/, '.')));
  if (indent === undefined || asks || between.length === 0 || hasCommentBehind(at.source, clear)) return undefined;
  if (![clear, ...between].every((statement) => ownsItsLines(at.source, statement))) return undefined;
  return {
    title: `Move ${clear.text} ${first === looking ? `before ${text.slice(worker.span.start, worker.span.end).split('(')[0]}()` : 'right behind the wait'}`,
    edits: inFile(at.file, [
      insertion(lineStartOf(text, commentsAbove(at.source, first)), `${indent}${clear.text}${lineEndOf(text)}`),
      removal(at.source, clear),
    ]),
  };
};

/** What is set before a set() may be anything that is asked for behind the wait, a flag to stop as well: clearing comes before all of it. */
function behindWait(looking: PythonNode, clear: PythonNode): PythonNode {
  const before = precedingOf(looking);
  const wait = before.findLastIndex(({ text }) => text.replace(/^await\s+/, '').startsWith(clear.text.replace(/clear\(\)$/, 'wait(')));
  return wait >= 0 ? (before[wait + 1] ?? looking) : looking;
}
