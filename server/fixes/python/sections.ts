// Sections of Python code under a lock: which statements one `with lock:` has to hold, whether they may stand there, and the edits.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { Value } from '../../model/value';
import type { LockKey } from '../../summary/keys';
import type { Program } from '../../summary/program';
import { modelOf } from '../../summary/resolved';
import { Field, Kind, type PythonNode, pythonNodeAt } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Span, spanContains } from '../../text/span';
import { insertion, type PythonSource, replacement } from '../fix';
import { indentOf, lineEndOf, lineStartOf, mixesTabs, nextLineOf, unitOf } from '../layout';
import { deeper, holderOf, isStatement, ownsItsLines, siblingsOf, statementOf } from './blocks';
import { heldBy } from './with-statements';

/** The smallest run of statements of one block that holds all spans; undefined where they are in no one block of a function. */
export function runAround(source: PythonSource, spans: readonly Span[]): readonly PythonNode[] | undefined {
  const all = { start: Math.min(...spans.map(({ start }) => start)), end: Math.max(...spans.map(({ end }) => end)) };
  const first = spans.find(({ start }) => start === all.start)!;
  for (let at = statementOf(pythonNodeAt(source.tree, first)); at; at = outerStatement(at)) {
    const siblings = siblingsOf(at);
    const run = siblings.filter(({ start, end }) => start < all.end && all.start < end);
    if (run.length > 0 && run[0].start <= all.start && all.end <= run[run.length - 1].end) return run;
  }
  return undefined;
}

/** The statement around a statement; none across the border of a function or class. */
function outerStatement(statement: PythonNode): PythonNode | undefined {
  const holder = holderOf(statement);
  if (!holder || holder.kind === Kind.functionDefinition || holder.kind === Kind.classDefinition) return undefined;
  return statementOf(holder);
}

/** From the first statement's start to the last one's end. */
export function spanOf(run: readonly PythonNode[]): Span {
  return { start: run[0].start, end: run[run.length - 1].end };
}

/** Whether statements can be put a level deeper, and have nothing in them that must not be under a lock or cannot be moved. */
export function isMovable(source: PythonSource, run: readonly PythonNode[]): boolean {
  return ownsItsLines(source, spanOf(run)) && run.every((statement) => !IMMOVABLE.has(statement.kind) && !hasInScope(statement, SUSPENDS));
}

const IMMOVABLE = new Set<number>([
  Kind.functionDefinition,
  Kind.classDefinition,
  Kind.decoratedDefinition,
  Kind.globalStatement,
  Kind.nonlocalStatement,
  Kind.importStatement,
  Kind.importFrom,
]);
const SUSPENDS = new Set<number>([Kind.await, Kind.yield, Kind.asyncToken, Kind.functionDefinition, Kind.classDefinition, Kind.globalStatement]);

/** Whether a node of one of the kinds stands in a statement; `async with` and `async for` count as awaiting. */
function hasInScope(node: PythonNode, kinds: ReadonlySet<number>): boolean {
  return kinds.has(node.kind) || node.isAsync || node.children.some((child) => hasInScope(child, kinds));
}

/**
 * Whether code may run under a lock: it waits for nothing, does not call what it has been handed, and what it calls neither
 * takes the lock itself nor comes to one of the `others`, functions that are going to take it.
 */
export function mayHold(program: Program, fn: string, span: Span, lock: LockKey | undefined, others: ReadonlySet<string> = new Set()): boolean {
  const resolved = program.functions.get(fn);
  const summary = program.summaries.get(fn);
  if (!resolved || !summary) return false;
  const { operations } = modelOf(resolved);
  for (const [point, operation] of operations.entries()) {
    if (operation.kind !== 'call' || !spanContains(span, operation.span.start)) continue;
    const call = resolved.calls.get(point);
    if (!call || (call.targets.length === 0 && !call.api)) {
      if (mayCallBack(operation.callee) || maySeemToWait(operation)) return false;
      continue;
    }
    if (call.parameter !== undefined || call.joins || call.waits || call.callbacks.length > 0 || call.blocks.some((kind) => kind !== 'compute')) return false;
    for (const target of call.targets) if (!isHarmless(program, target, lock, others)) return false;
  }
  return true;
}

/** Whether what is called may be anything that somebody has handed in: a parameter, an element, a method of the object's own. */
export function mayCallBack(callee: Value): boolean {
  if (callee.kind !== 'place') return true;
  const { root, path } = callee.place;
  // A metaclass's or decorator's `__call__` runs constructors and functions of others.
  if (path.at(-1) === ELEMENT || path.at(-1) === '__call__') return true;
  if (root.kind === 'receiver' || root.kind === 'class') return path.length === 1;
  return path.length === 0 && root.kind !== 'global' && root.kind !== 'import' && root.kind !== 'module';
}

const WAITS =
  /^(?:get|put|wait\w*|join|acquire|recv\w*|read\w*|accept|result|select|poll|send\w*|call|request|communicate|sleep|run\w*|serve\w*|lock|shutdown|stop|fire\w*|emit\w*|notify\w*|dispatch\w*|on_\w+|callback|publish)$/;

/** Whether a method of an object that nobody knows is called as one that waits, or tells others: those may want the lock. */
function maySeemToWait(call: Call): boolean {
  const method = call.callee.kind === 'place' && call.callee.place.path.length > 0 ? methodOf(call) : '';
  return WAITS.test(method) || call.arguments.some(({ name }) => name === 'timeout' || name === 'block');
}

function isHarmless(program: Program, target: string, lock: LockKey | undefined, others: ReadonlySet<string>): boolean {
  const summary = program.summaries.get(target);
  if (!summary) return false;
  if ([...summary.blocks.keys()].some((kind) => kind !== 'compute') || summary.mayWait.size > 0 || summary.callsParameters.size > 0) return false;
  if (lock !== undefined && summary.mayAcquire.has(lock)) return false;
  return others.size === 0 || !reaches(program, target, others);
}

/** How many functions are looked through for one that takes the lock. */
const MOST = 300;

/** Whether a function comes, through what it calls, to one of some others. */
export function reaches(program: Program, from: string, wanted: ReadonlySet<string>): boolean {
  const seen = new Set([from]);
  for (const key of seen) {
    if (wanted.has(key) || seen.size > MOST) return true;
    for (const { target } of program.summaries.get(key)?.calls ?? []) seen.add(target);
  }
  return false;
}

/** The edits that put statements under `with lock:`; with statements for that very lock inside them are merged into it. */
export function holdEdits(source: PythonSource, run: readonly PythonNode[], lock: string): TextEdit[] | undefined {
  const { text } = source;
  const span = spanOf(run);
  const indent = indentOf(text, span.start);
  if (indent === undefined || mixesTabs(text, indent)) return undefined;
  const inner = run.flatMap((statement) => withsFor(statement, lock));
  const bodies: Span[] = [];
  const edits: TextEdit[] = [];
  for (const step of inner) {
    const body = step.child(Field.body);
    const outer = indentOf(text, step.start);
    const [first] = body?.children ?? [];
    // Only where its lines end up just where they stand now.
    if (!body || outer === undefined || !first || indentOf(text, first.start) !== outer + unitOf(text)) return undefined;
    const header = { start: lineStartOf(text, step.start), end: nextLineOf(text, step.start) };
    if (!/^[ \t]*with[ \t][^#\r\n]*:[ \t]*(?:\r\n|\n|\r)$/.test(text.slice(header.start, header.end))) return undefined;
    bodies.push({ start: header.end, end: nextLineOf(text, step.end) });
    edits.push(replacement(header, ''));
  }
  const isMerged = ({ start }: Span) => [...bodies, ...edits.map((edit) => edit.span)].some((each) => each.start <= start && start < each.end);
  const unit = unitOf(text);
  const start = lineStartOf(text, span.start);
  const header = `${indent}with ${lock}:${lineEndOf(text)}`;
  const first = edits.find((edit) => edit.span.start === start);
  const begin = first ? { span: first.span, newText: header } : insertion(start, header + unit);
  return [
    begin,
    ...edits.filter((edit) => edit !== first),
    ...deeper(source, { start: nextLineOf(text, start), end: span.end }).filter((edit) => !isMerged(edit.span)),
  ];
}

/** The with statements for a lock alone, in a statement. */
function withsFor(node: PythonNode, lock: string): PythonNode[] {
  if (node.kind === Kind.withStatement && isStatement(node) && heldBy(node)?.text === lock) return [node];
  return node.children.flatMap((child) => withsFor(child, lock));
}
