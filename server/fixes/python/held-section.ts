// Held sections: from the statement that takes something to where it is given back by hand, and what of that goes when the
// section gives it back on every way out by itself.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import type { Span } from '../../text/span';
import type { PythonSource } from '../fix';
import { isWithin } from '../fix';
import { deeper, followingOf, hasCommentBehind, holderOf, leaves, ownsItsLines, removal, siblingsOf, statementOf, wholeLines } from './blocks';
import { bareTest } from './tests';

export interface HeldSection {
  /** The statements between taking and giving back. */
  readonly body: readonly PythonNode[];
  /** The release at its end, beside the taking; undefined where each way inside has its own. */
  readonly last: PythonNode | undefined;
  /** The releases inside, which are followed by nothing but the way out. */
  readonly inner: readonly PythonNode[];
}

/**
 * The section that begins with a statement, of those that `following` are the rest of its block. Undefined where one of its
 * releases is followed by work that must not be done while the thing is held, or does not stand by itself.
 */
export function heldSection(source: PythonSource, following: readonly PythonNode[], releases: readonly PythonNode[]): HeldSection | undefined {
  const given = releases.flatMap((release) => statementOf(release) ?? []);
  const at = following.findIndex((statement) => given.includes(statement));
  const body = following.slice(0, at >= 0 ? at : following.findLastIndex((statement) => given.some((each) => isWithin(each, statement))) + 1);
  const last = at >= 0 ? following[at] : undefined;
  const inner = given.filter((each) => body.some((statement) => isWithin(each, statement)));
  const isDone = [...inner, ...(last ? [last] : [])].every((each) => isCallAlone(each) && ownsItsLines(source, each));
  if (
    body.length === 0 ||
    given.length > inner.length + (last ? 1 : 0) ||
    !isDone ||
    inner.some((each) => hasCommentBehind(source, each)) ||
    !body.every((each) => ownsItsLines(source, each))
  )
    return undefined;
  if (isKeptByWish(body, given) || (!last && !isOver(body.at(-1)!, given))) return undefined;
  return inner.every((each) => isFollowedByExit(each, body) || (!last && isAtTheEnd(each, body.at(-1)!))) ? { body, last, inner } : undefined;
}

/** Edits that put a section's statements, and the comments from an offset on, one level deeper and take out the releases inside. */
export function nestSection(source: PythonSource, start: number, { body, last, inner }: HeldSection): TextEdit[] {
  const end = last ? wholeLines(source, last).start : body.at(-1)!.end;
  const removed = inner.map((each) => removal(source, each));
  const gone: Span[] = removed.filter(({ newText }) => newText === '').map(({ span }) => span);
  return [...removed, ...deeper(source, { start, end }, gone)];
}

/** Whether nothing is done with the thing behind a section's last statement: it gives it back at all of its ends, or ends the function or round. */
function isOver(last: PythonNode, given: readonly PythonNode[]): boolean {
  const isEnd = siblingsOf(last).at(-1) === last && ENDED.some((kind) => kind === holderOf(last)?.kind);
  return isEnd || givesAtEnds(last, given);
}

const ENDED = [Kind.functionDefinition, Kind.forStatement, Kind.whileStatement] as const;

/** Whether whoever comes to the end of a statement has given the thing back, in it or in a statement beside its end. */
function givesAtEnds(statement: PythonNode, given: readonly PythonNode[]): boolean {
  if (given.includes(statement) || leaves(statement)) return true;
  if (statement.kind === Kind.ifStatement && !statement.children.some(({ kind }) => kind === Kind.elseClause)) return false;
  if (statement.kind !== Kind.ifStatement && statement.kind !== Kind.tryStatement) return false;
  const blocks = statement.children.flatMap((child) => (child.kind === Kind.block ? [child] : child.children.filter(({ kind }) => kind === Kind.block)));
  return blocks.every((block) => block.children.some((each) => given.includes(each)) || leaves(block.children.at(-1)));
}

/** `if keep: return item`, `if not keep: lock.release()`: the caller has a say in whether the thing is given back. */
function isKeptByWish(body: readonly PythonNode[], given: readonly PythonNode[]): boolean {
  for (const statement of body.flatMap((each) => [...each.walk()])) {
    const test = statement.kind === Kind.ifStatement ? statement.child(Field.condition) : undefined;
    const arm = statement.child(Field.consequence);
    const asked = test && bareTest(test);
    const flag = asked?.kind === Kind.notOperator ? asked.child(Field.argument) : asked;
    if (!arm || flag?.kind !== Kind.identifier) continue;
    const last = arm.children.at(-1);
    const gives = arm.children.some((each) => given.includes(each));
    if (gives ? !leaves(last) && !givesAtEnds(statement, given) : last?.kind === Kind.returnStatement) return true;
  }
  return false;
}

/** `lock.release()` and nothing else. */
function isCallAlone({ kind, children }: PythonNode): boolean {
  return kind === Kind.expressionStatement && children.length === 1 && children[0].kind === Kind.call;
}

/** `lock.release()` right before a way out of the section on which nothing is done any more. */
function isFollowedByExit(release: PythonNode, body: readonly PythonNode[]): boolean {
  const [next] = followingOf(release);
  if (!leaves(next)) return false;
  const around = aroundIn(release, body);
  if (next.kind === Kind.breakStatement || next.kind === Kind.continueStatement)
    return around.every((each) => each.kind !== Kind.forStatement && each.kind !== Kind.whileStatement);
  if (around.some((each) => each.kind === Kind.tryStatement || each.kind === Kind.withStatement)) return false;
  return isQuiet(next);
}

/** Nothing in it runs code of others, other than to make an exception: it may as well be evaluated with a lock held. */
function isQuiet(statement: PythonNode): boolean {
  for (const node of statement.walk()) {
    const isMaking = node.parent?.kind === Kind.raiseStatement || /^(?:len|str|repr|type)\(/.test(node.text);
    if (node.kind === Kind.call ? !isMaking : node.kind === Kind.await || node.kind === Kind.yield || node.kind === Kind.subscript) return false;
  }
  return true;
}

/** The last thing on one way through the section's last statement. */
function isAtTheEnd(release: PythonNode, last: PythonNode): boolean {
  for (let at = release; at !== last; ) {
    const block = at.parent;
    if (siblingsOf(at).at(-1) !== at || !block?.parent) return false;
    const owner = block.parent.kind === Kind.elifClause || block.parent.kind === Kind.elseClause ? block.parent.parent! : block.parent;
    if (owner.kind !== Kind.ifStatement && !isGuardedOnly(owner, block)) return false;
    at = owner;
  }
  return true;
}

/** A block whose try statement has handlers and nothing else: whoever leaves it at its end leaves the statement. */
export function isGuardedOnly(statement: PythonNode, block: PythonNode): boolean {
  return statement.kind === Kind.tryStatement && statement.children.every((child) => child === block || child.kind === Kind.exceptClause);
}

/** The nodes around a statement, up to the one that stands in the section itself. */
function aroundIn(statement: PythonNode, body: readonly PythonNode[]): PythonNode[] {
  const found: PythonNode[] = [];
  for (let at = statement.parent; at && body.some((each) => isWithin(at!, each)); at = at.parent) found.push(at);
  return found;
}
