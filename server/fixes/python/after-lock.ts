// After the lock: what waits or calls others is done when the lock has been given back, on what was read while it was held.
import { nameOfKey } from '../../summary/keys';
import type { Program } from '../../summary/program';
import { modelOf } from '../../summary/resolved';
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { applyEdits } from '../../text/edit';
import type { Span } from '../../text/span';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { indentOf, lineEndOf, lineStartOf, linesOf, nextLineOf, reindented } from '../layout';
import { assignmentOf, followingOf, functionAround, ownsItsLines, siblingsOf, statementIn, statementOf, wholeLines } from './blocks';
import { type FieldRead, fieldsRead } from './field-reads';
import { heldBy } from './with-statements';

/** The last thing in a with statement goes behind it; the fields that it reads are read into variables first. */
export const afterLock: Fix<'after-lock'> = ({ site, taken }, context) => {
  const [at, taker] = [context.pythonAt(site), context.pythonAt(taken)];
  const section = taker && statementOf(taker.node);
  const block = section?.kind === Kind.withStatement ? section.child(Field.body) : undefined;
  const statement = at && block && statementIn(block, at.node);
  if (!at || !section || !statement || !isPlain(section, taker.span) || !MOVABLE.has(statement.kind) || !isOneLevel(statement)) return undefined;
  const { source } = at;
  const { text } = source;
  const fn = functionAround(statement);
  const fields = fn && fieldsRead(statement, fn, (name) => isSettled(context.program, site.function, name));
  const [inner, outer] = [indentOf(text, statement.start), indentOf(text, section.start)];
  if (!fields || inner === undefined || outer === undefined || !followingOf(statement).every(isReset)) return undefined;
  const [behind, end] = [nextLineOf(text, section.end), lineEndOf(text)];
  if (![statement, section].every((each) => ownsItsLines(source, each)) || !/[\r\n]$/.test(text.slice(0, behind))) return undefined;
  const lines = wholeLines(source, statement);
  const later = `${outer}${withVariables(statement, fields, inner, outer)}${text.slice(statement.end, lines.end)}${end}`;
  const lock = text.slice(taker.span.start, taker.span.end);
  if (siblingsOf(statement).length === 1 && fields.length === 0) {
    const [start, head] = [lineStartOf(text, section.start), nextLineOf(text, section.start)];
    // Rounds of a loop may have to be one after the other, with nobody in between.
    if (head !== lines.start || text.slice(start, head).includes('#') || statement.kind === Kind.forStatement) return undefined;
    return { title: `Do this without ${lock}`, edits: inFile(at.file, [replacement({ start, end: behind }, later)]) };
  }
  const kept = fields.map(({ name, value }) => `${inner}${name} = ${value}${end}`).join('');
  return {
    title: `Do this after ${lock} is given back`,
    edits: inFile(at.file, [replacement(linesOf(text, statement), kept), insertion(behind, later)]),
  };
};

const MOVABLE = new Set<number>([Kind.expressionStatement, Kind.forStatement, Kind.ifStatement, Kind.returnStatement]);

/** It holds the lock and nothing else. */
function isPlain(section: PythonNode, lock: Span): boolean {
  const held = heldBy(section);
  return held !== undefined && held.text !== 'self' && held.start === lock.start && held.end === lock.end;
}

/** Nothing in it has a scope of its own, depends on where its lines begin, or goes on elsewhere later. */
function isOneLevel(statement: PythonNode): boolean {
  for (const { kind, text } of statement.walk()) {
    if (UNFIT.has(kind) || (kind === Kind.string && /[\r\n]/.test(text))) return false;
  }
  return true;
}

const UNFIT = new Set<number>([Kind.functionDefinition, Kind.classDefinition, Kind.lambda, Kind.yield, Kind.withStatement, Kind.tryStatement]);

/** `self._thread = None`: it may as well be done before. */
function isReset(statement: PythonNode): boolean {
  const assignment = assignmentOf(statement);
  const value = assignment?.child(Field.right);
  return (
    value !== undefined && [Kind.none, Kind.true, Kind.false].some((each) => each === value.kind) && assignment?.child(Field.left)?.kind === Kind.attribute
  );
}

/** A method or property that is called here, or a field that nobody puts anything else into once its object is made. */
function isSettled(program: Program, caller: string, name: string): boolean {
  const fn = program.functions.get(caller);
  if (!fn) return false;
  const targets = [...fn.calls.values()].flatMap((call) => call.targets);
  if (targets.some((target) => nameOfKey(target).split('.').at(-1) === name)) return true;
  const { operations } = modelOf(fn);
  const reads = operations.flatMap((operation, point) => {
    const place =
      operation.kind === 'read' ? operation.place : operation.kind === 'call' && operation.callee.kind === 'place' ? operation.callee.place : undefined;
    return place?.root.kind === 'receiver' && place.path[0] === name ? [point] : [];
  });
  const summary = program.summaries.get(caller);
  const accesses = summary?.accesses.filter((access) => reads.includes(access.point) && nameOfKey(access.cell.key).split('.').at(-1) === name) ?? [];
  const cells = new Set(accesses.map((access) => access.cell.key));
  const isWritten = (key: string) => program.summaries.get(key)?.accesses.some((access) => access.write && !access.owned && cells.has(access.cell.key));
  return cells.size > 0 && !fn.module.functionKeys.some(isWritten);
}

function withVariables(statement: PythonNode, fields: readonly FieldRead[], from: string, to: string): string {
  const { start } = statement;
  const edits = fields.flatMap(({ uses, name }) => uses.map((use) => replacement({ start: use.start - start, end: use.end - start }, name)));
  const text = applyEdits(statement.text, edits);
  return reindented(text, { start: 0, end: text.length }, from, to, []);
}
