// One at a time: what a coroutine does to a place before and after it waits is put under a new lock of asyncio.
import { modelOf } from '../../summary/resolved';
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { spanContains } from '../../text/span';
import { type Fix, type FixContext, inFile, insertion, type PythonPlace } from '../fix';
import { indentOf, lineEndOf, lineStartOf } from '../layout';
import { contains, deeper, functionAround, ownsItsLines } from './blocks';
import { hasSeveralLoops, isOfAnotherLoop } from './coroutine-calls';
import { hasSelf } from './loop-in-reach';
import { newLock } from './new-lock';
import { mayCallBack, reaches, runAround, spanOf } from './sections';

/** `async with self._lock:` around the statements; the lock is made beside the place. */
export const oneAtATime: Fix<'one-at-a-time'> = ({ site, along, name, owner }, context) => {
  const at = context.pythonAt(site);
  const places = [site, ...along].flatMap((each) => context.pythonAt(each)?.span ?? []);
  const run = at && runAround(at.source, places);
  if (!at || !run || !isShort(at, run) || !mayWaitInTurn(context, site.function, run)) return undefined;
  const around = functionAround(run[0]);
  if (isOfAnotherLoop(at.source) || hasSeveralLoops(at.source) || !around || (owner !== undefined && !hasSelf(around))) return undefined;
  const made = newLock(context.program, at.source, name, owner, 'asyncio');
  if (!made) return undefined;
  const { text } = at.source;
  const lock = owner === undefined ? made.name : `self.${made.name}`;
  const span = { start: lineStartOf(text, run[0].start), end: spanOf(run).end };
  const [first, ...others] = deeper(at.source, span);
  return {
    title: `Let one call at a time through here, with a new lock, ${lock}`,
    edits: inFile(at.file, [
      ...made.edits,
      insertion(span.start, `${indentOf(text, run[0].start)}async with ${lock}:${lineEndOf(text)}${first.newText}`),
      ...others,
    ]),
  };
};

/** The most lines that are worth a level more. */
const MOST_LINES = 20;

/** A few statements on lines of their own: no loop, nothing that hands control to a caller, nothing that defines something. */
function isShort({ source }: PythonPlace, run: readonly PythonNode[]): boolean {
  const span = spanOf(run);
  if (!ownsItsLines(source, span) || source.text.slice(span.start, span.end).split('\n').length > MOST_LINES) return false;
  return !run.some((statement) => contains(statement, ...UNFIT));
}

const UNFIT = [
  Kind.forStatement,
  Kind.whileStatement,
  Kind.withStatement,
  Kind.yield,
  Kind.functionDefinition,
  Kind.classDefinition,
  Kind.lambda,
  Kind.globalStatement,
  Kind.nonlocalStatement,
  Kind.breakStatement,
  Kind.continueStatement,
] as const;

/** Whether nothing that is called there can come back to the function, which would wait for itself. */
function mayWaitInTurn({ program }: FixContext, key: string, run: readonly PythonNode[]): boolean {
  const fn = program.functions.get(key);
  if (!fn) return false;
  return modelOf(fn).operations.every((operation, point) => {
    if (operation.kind !== 'call' || !spanContains(spanOf(run), operation.span.start)) return true;
    const call = fn.calls.get(point);
    if (!call || (call.targets.length === 0 && !call.api)) return !mayCallBack(operation.callee);
    return call.parameter === undefined && call.callbacks.length === 0 && call.targets.every((target) => !reaches(program, target, new Set([key])));
  });
}
