// Release in finally: what is taken by hand is given back in a finally block, so that no way out goes past it.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, isWithin, type PythonSource, replacement } from '../fix';
import { below, indentOf, lineEndOf, lineStartOf, nextLineOf, unitOf } from '../layout';
import { deeper, followingOf, holderOf, isDocstring, leaves, ownsItsLines, removal, siblingsOf, statementOf } from './blocks';
import { type HeldSection, heldSection, isGuardedOnly, nestSection } from './held-section';

/** Everything between taking and giving back goes into a try statement, and giving back into its finally block. */
export const releaseInFinally: Fix<'release-in-finally'> = ({ site, taken, releases }, context) => {
  const [at, taker] = [context.pythonAt(site), taken && context.pythonAt(taken)];
  const release = at && statementOf(at.node);
  const taking = taker && statementOf(taker.node);
  if (!release || (taken && !(taking && isDone(taking, taker.span.start) && ownsItsLines(at.source, taking)))) return undefined;
  const given = releases.flatMap((each) => context.pythonAt(each)?.node ?? []);
  const following = taking ? followingOf(taking) : siblingsOf(release).filter((statement) => !isDocstring(statement));
  const start = taking ? nextLineOf(at.source.text, taking.end) : lineStartOf(at.source.text, following[0]?.start ?? 0);
  const edits = widened(at.source, following, release, start) ?? enclosed(at.source, start, release, heldSection(at.source, following, given));
  return edits && { title: `Call ${release.text} in a finally`, edits: inFile(at.file, edits) };
};

function enclosed(source: PythonSource, start: number, release: PythonNode, section: HeldSection | undefined): TextEdit[] | undefined {
  const { text } = source;
  const indent = section && indentOf(text, section.body[0].start);
  if (!section || indent === undefined) return undefined;
  const end = lineEndOf(text);
  const final = ['finally:', `${unitOf(text, indent)}${release.text}`];
  const [only] = section.body;
  // `try: …; release() except: …` gets a finally block of its own.
  if (section.body.length === 1 && section.inner.length === 1 && only.kind === Kind.tryStatement && isGuardedOnly(only, section.inner[0].parent!))
    return [removal(source, section.inner[0]), below(text, only, ...final)];
  return [
    insertion(start, `${indent}try:${end}`),
    ...nestSection(source, start, section),
    section.last ? replacement(section.last, final.join(`${end}${indent}`)) : below(text, section.body.at(-1)!, ...final),
  ];
}

/** Where a try statement with the release in its finally block stands further down, it begins earlier. */
function widened(source: PythonSource, following: readonly PythonNode[], release: PythonNode, start: number): TextEdit[] | undefined {
  const { text } = source;
  const at = following.findIndex((statement) => isWithin(release, statement));
  const [attempt, holder] = [following[at], holderOf(release)];
  const isFinal = attempt?.kind === Kind.tryStatement && attempt.children.length === 2 && holder?.kind === Kind.finallyClause;
  if (!isFinal || holder?.parent !== attempt || at === 0 || !following.slice(0, at).every((each) => ownsItsLines(source, each))) return undefined;
  const [begin, behind] = [lineStartOf(text, attempt.start), nextLineOf(text, attempt.start)];
  const line = text.slice(begin, behind);
  if (line.trim() !== 'try:') return undefined;
  return [insertion(start, line), ...deeper(source, { start, end: begin }), replacement({ start: begin, end: behind }, '')];
}

/** Whether behind the statement the thing has been taken: `lock.acquire()`, `item = jobs.get()`, `if not lock.acquire(timeout=1): return`. */
function isDone(taking: PythonNode, start: number): boolean {
  if (taking.kind === Kind.expressionStatement) return true;
  const test = taking.kind === Kind.ifStatement ? taking.child(Field.condition) : undefined;
  const isTest = test?.kind === Kind.notOperator && test.start <= start && start < test.end;
  return isTest && !taking.child(Field.alternative) && leaves(taking.child(Field.consequence)?.children.at(-1));
}
