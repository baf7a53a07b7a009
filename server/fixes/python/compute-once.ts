// Compute once: a descriptor that keeps what it works out looks again, under a lock of its own, before it does so.
import type { FixIntentOf } from '../../rules/fix-intent';
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, type FixContext, inFile, insertion, type PythonSource } from '../fix';
import { indentOf, lineEndOf, lineStartOf, mixesTabs, unitOf } from '../layout';
import { assignmentOf, deeper, followingOf, functionAround, holderOf, moved, ownsItsLines, precedingOf, siblingsOf, statementOf } from './blocks';
import { isCheap } from './check-again';
import { functionNamed, receiverOf } from './functions';
import { newLock } from './new-lock';
import { isMovable, spanOf } from './sections';
import { bareTest } from './tests';

/** What is computed if nothing is there, and how to look again. */
interface Computation {
  readonly run: readonly PythonNode[];
  /** Statements that look and leave where something is there. */
  readonly looks: readonly PythonNode[];
  /** The lines under which the computation goes, after that. */
  readonly header: readonly string[];
}

/** `with self._lock:` around a second look and the computation; who finds the value there takes no lock. */
export const computeOnce: Fix<'compute-once'> = (intent, context) => {
  const at = context.pythonAt(intent.site);
  const storing = at && statementOf(at.node);
  const fn = storing && functionAround(storing);
  const self = receiverOf(fn);
  const found = fn && computation(storing, fn);
  if (!at || !found || self === undefined || !isMovable(at.source, found.run)) return undefined;
  const { source } = at;
  const lock = lockOf(source, fn, self, intent, context);
  const first = spanOf(found.run);
  const indent = indentOf(source.text, first.start);
  if (!lock || indent === undefined || mixesTabs(source.text, indent)) return undefined;
  if (!found.looks.every((each) => ownsItsLines(source, each))) return undefined;
  const [end, inner] = [lineEndOf(source.text), indent + unitOf(source.text)];
  const looks = found.looks.map((each) => `${inner}${moved(source, each, indentOf(source.text, each.start)!, inner)}${end}`);
  const header = found.header.map((line) => `${inner}${line.replace('\t', unitOf(source.text))}${end}`).join('');
  const start = lineStartOf(source.text, first.start);
  const depth = found.header.length === 0 ? 1 : 2;
  const nested = deeper(source, { start, end: first.end }).map(({ span, newText }) => ({ span, newText: newText.repeat(depth) }));
  const opened = insertion(start, `${indent}with ${self}.${lock.name}:${end}${looks.join('')}${header}${nested[0].newText}`);
  return { title: `Look again under a lock, ${self}.${lock.name}, before computing`, edits: inFile(at.file, [...lock.edits, opened, ...nested.slice(1)]) };
};

/** A lock beside what the descriptor's constructor sets up; it is taken again where computing comes to the same property of another object. */
function lockOf(source: PythonSource, fn: PythonNode, self: string, { owner }: FixIntentOf<'compute-once'>, { program }: FixContext) {
  const start = functionNamed(siblingsOf(fn), '__init__');
  const own = receiverOf(start) ?? self;
  const fields = start?.child(Field.body)?.children.flatMap((each) => each.children[0]?.child(Field.left)?.text ?? []) ?? [];
  const field = fields.findLast((each) => new RegExp(`^${own}\\.\\w+$`).test(each));
  return field === undefined ? undefined : newLock(program, source, field.slice(own.length + 1), owner, 'threading', 'RLock');
}

function computation(storing: PythonNode, fn: PythonNode): Computation | undefined {
  const holder = holderOf(storing);
  if (holder?.kind === Kind.exceptClause) return inHandler(holder);
  if (holder?.kind === Kind.ifStatement) return inTest(holder, storing);
  if (holder?.start !== fn.start) return undefined;
  const look = precedingOf(storing).findLast(looksAndLeaves);
  return look && { looks: [look], header: [], run: followingOf(look) };
}

/** `try: return cache[name]`, `except KeyError: …`. */
function inHandler(handler: PythonNode): Computation | undefined {
  const statement = handler.parent!;
  const [body, ...clauses] = statement.children;
  const [error, computed] = handler.children;
  const [look] = body.children;
  const isLook = body.children.length === 1 && look.kind === Kind.returnStatement && isPlainLook(look);
  if (!isLook || clauses.length !== 1 || !/^(?:KeyError|AttributeError)$/.test(error.text) || computed?.kind !== Kind.block) return undefined;
  return { looks: [], header: ['try:', `\t${look.text}`, `except ${error.text}:`], run: computed.children };
}

/** `if name in cache: return cache[name]`. */
function looksAndLeaves(statement: PythonNode): boolean {
  const test = statement.kind === Kind.ifStatement ? statement.child(Field.condition) : undefined;
  const [only, ...more] = statement.child(Field.consequence)?.children ?? [];
  if (!test || statement.child(Field.alternative) || more.length > 0 || only?.kind !== Kind.returnStatement) return false;
  return isCheap(test) && /^[^ ]+ in |^hasattr\(/.test(bareTest(test).text) && isPlainLook(only);
}

/** `return cache[name]`, `return getattr(instance, name)`: on one line, and nothing is computed. */
function isPlainLook(statement: PythonNode): boolean {
  const [value] = statement.children;
  return value !== undefined && !/[\r\n]/.test(value.text) && (isCheap(value) || /^getattr\([^()]*\)$/.test(value.text));
}

/** `if name not in cache: …`; `value = cache.get(name)`, `if value is None: …`. */
function inTest(statement: PythonNode, storing: PythonNode): Computation | undefined {
  const test = statement.child(Field.condition);
  if (!test || statement.child(Field.alternative) || !isCheap(test) || /[\r\n]/.test(test.text)) return undefined;
  const header = [`if ${test.text}:`];
  const run = siblingsOf(storing);
  if (/ not in |^not hasattr\(/.test(bareTest(test).text)) return { looks: [], header, run };
  const before = precedingOf(statement).at(-1);
  const assignment = before && assignmentOf(before);
  const variable = assignment?.child(Field.left);
  const isLook = /^(?:getattr|[\w.]+\.get)\([^()\r\n]*\)$/.test(assignment?.child(Field.right)?.text ?? '');
  const isAsked = variable?.kind === Kind.identifier && new RegExp(`^${variable.text} is (?!not )\\w+$`).test(bareTest(test).text);
  return before && isLook && isAsked ? { looks: [before], header, run } : undefined;
}
