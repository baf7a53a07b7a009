// Release on error: what has been taken for somebody else is given back when handing it over fails.
import { Kind } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, isWithin } from '../fix';
import { below, indentOf, lineEndOf, nextLineOf, unitOf } from '../layout';
import { deeper, followingOf, ownsItsLines, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';

/** The statements up to the one that may fail go into a try statement that gives the thing back and raises again. */
export const releaseOnError: Fix<'release-on-error'> = ({ site, raising }, context) => {
  const [at, failing] = [context.pythonAt(site), context.pythonAt(raising)];
  const taking = at && statementOf(at.node);
  const call = at && callAt(at.node);
  const lock = call && methodCalled(call)?.object.text;
  if (!taking || !failing || lock === undefined || taking.kind !== Kind.expressionStatement || !/\.acquire\(\s*\)$/.test(taking.text)) return undefined;
  const following = followingOf(taking);
  const last = following.findIndex((statement) => isWithin(failing.span, statement));
  const body = following.slice(0, last + 1);
  const { text } = at.source;
  const indent = indentOf(text, taking.start);
  if (last < 0 || indent === undefined || ![taking, ...body].every((each) => ownsItsLines(at.source, each))) return undefined;
  const [unit, start, end] = [unitOf(text, indent), nextLineOf(text, taking.end), body.at(-1)!.end];
  return {
    title: `Release ${lock} if this fails`,
    edits: inFile(at.file, [
      insertion(start, `${indent}try:${lineEndOf(text)}`),
      ...deeper(at.source, { start, end }),
      below(text, { start: taking.start, end }, 'except BaseException:', `${unit}${lock}.release()`, `${unit}raise`),
    ]),
  };
};
