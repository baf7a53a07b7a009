// Wait instead: what a loop asks for again and again is waited for, or the loop lets some time go by in each round.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, replacement } from '../fix';
import { nextLineOf } from '../layout';
import { holderOf, isInCoroutine, ownsItsLines, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { importedModule } from './imports';
import { bareTest } from './tests';

/** `while thread.is_alive(): pass` → `thread.join()`; `jobs.get_nowait()` in a loop → `jobs.get(timeout=0.1)`. */
export const waitInstead: Fix<'wait-instead'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const receiver = call && methodCalled(call)?.object.text;
  const statement = at && statementOf(at.node);
  if (!at || !call || !statement || receiver === undefined || isInCoroutine(call)) return undefined;
  const api = context.program.functions.get(site.function)?.calls.get(site.point)?.api?.name ?? '';
  const given = call.child(Field.arguments);
  const timed = QUEUE.test(api) && /\.get(?:_nowait)?$/.test(api) && isSkippedWhenEmpty(statement) ? `${receiver}.get(timeout=0.1)` : undefined;
  if (timed && /^\((?:False|block=False|timeout=0|True, 0)?\)$/.test(given?.text ?? ''))
    return { title: `Wait a while in each round: ${timed}`, edits: inFile(at.file, [replacement(call, timed)]) };
  const test = emptyLoopTest(statement);
  if (!test || !ownsItsLines(at.source, statement)) return undefined;
  const isNegated = test.kind === Kind.notOperator;
  const asked = isNegated ? bareTest(test.child(Field.argument) ?? test.children[0]) : test;
  const waiting = WAITS.find(([name, negated]) => negated === isNegated && name.test(api))?.[2];
  if (asked.start !== call.start || asked.end !== call.end || !waiting || (waiting !== 'acquire' && given?.children.length !== 0)) return undefined;
  if (waiting === 'acquire' && !/^\((?:blocking=)?False\)$/.test(given?.text ?? '')) return undefined;
  const { text } = at.source;
  const colon = text.indexOf(':', test.end);
  const body = { start: nextLineOf(text, colon), end: nextLineOf(text, statement.end) };
  if (body.start >= body.end || text.slice(body.start, body.end).includes('#')) return undefined;
  const wait = `${receiver}.${waiting}()`;
  return { title: `Wait with ${wait}`, edits: inFile(at.file, [replacement({ start: statement.start, end: colon + 1 }, wait), replacement(body, '')]) };
};

/** A loop that does nothing but ask sleeps a little in each round. */
export const pauseInLoop: Fix<'pause-in-loop'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const loop = at && statementOf(at.node);
  const pass = loop && emptyLoopTest(loop) && loop.child(Field.body)?.children[0];
  if (!at || !pass || !ownsItsLines(at.source, pass)) return undefined;
  const isTask = isInCoroutine(loop);
  const module = importedModule(at.source, isTask ? 'asyncio' : 'time');
  if (!module) return undefined;
  const sleep = `${isTask ? 'await ' : ''}${module.name}.sleep(0.01)`;
  return { title: `Pause in each round: ${sleep}`, edits: inFile(at.file, [...module.edits, replacement(pass, sleep)]) };
};

const QUEUE = /^(?:queue|multiprocessing)\.\w*Queue\./;

/** What is asked, whether its opposite ends the loop, and what waits for that. */
const WAITS: readonly (readonly [RegExp, boolean, string])[] = [
  [/^(?:threading|multiprocessing)\.Event\.is_set$/, true, 'wait'],
  [/^(?:threading\.Thread|multiprocessing\.Process)\.is_alive$/, false, 'join'],
  [/^(?:threading|multiprocessing)\.R?Lock\.acquire$/, true, 'acquire'],
];

/** The test of a while statement that does nothing in its rounds. */
function emptyLoopTest(statement: PythonNode): PythonNode | undefined {
  const [only, ...others] = statement.kind === Kind.whileStatement ? (statement.child(Field.body)?.children ?? []) : [];
  const isEmpty = only?.kind === Kind.passStatement && others.length === 0 && !statement.child(Field.alternative);
  const test = isEmpty ? statement.child(Field.condition) : undefined;
  return test && bareTest(test);
}

/** `try: … except Empty: continue` right in a loop: nothing else is done when there is nothing. */
function isSkippedWhenEmpty(statement: PythonNode): boolean {
  const attempt = holderOf(statement);
  const handlers = attempt?.kind === Kind.tryStatement ? attempt.children.filter(({ kind }) => kind === Kind.exceptClause) : [];
  const body = handlers[0]?.children.find(({ kind }) => kind === Kind.block)?.children ?? [];
  const isSkip = body.length === 1 && (body[0].kind === Kind.continueStatement || body[0].kind === Kind.passStatement);
  return handlers.length === 1 && isSkip && /\bEmpty\b/.test(handlers[0].text) && holderOf(attempt!)?.kind === Kind.whileStatement;
}
