// Wait in a loop: what a wait on a condition waits for is tested under the lock, and again after each wake-up.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, type PythonSource, replacement } from '../fix';
import { lineTailOf } from '../layout';
import { holderOf, ownsItsLines, siblingsOf, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { flagsBeside } from './condition-changes';
import { allOf, bareTest, isRepeatable, looksOnly, oppositeOf } from './tests';
import { heldBy } from './with-statements';

/** `if not ready: cond.wait()` → `while not ready: cond.wait()`; one with a timeout becomes `wait_for()`, which keeps to the time. */
export const waitInLoop: Fix<'wait-in-loop'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const condition = call && methodCalled(call)?.object.text;
  const wait = at && statementOf(at.node);
  const holder = wait && wrapperOf(wait);
  if (!at || !call || !holder || condition === undefined || !isAlone(wait, call)) return undefined;
  const section = holder.kind === Kind.withStatement ? holder : undefined;
  const tester = section ? wrapperOf(section) : holder;
  const test = tester && testOf(tester);
  if (!tester || !test || !isRepeatable(test) || (section ? !looksOnly(test) || heldBy(section)?.text !== condition : tester.kind !== Kind.ifStatement))
    return undefined;
  const flags = flagsBeside(context.program, site.function, site.point, test);
  const owner = /^(\w+)\.\w+$/.exec(condition)?.[1];
  if (!flags || (flags.length > 0 && owner === undefined)) return undefined;
  const again = `while ${allOf(
    test,
    flags.map(({ name, value }) => `${value ? 'not ' : ''}${owner}.${name}`),
  )}:`;
  const [timeout] = call.child(Field.arguments)?.children ?? [];
  if (timeout) {
    const until = [oppositeOf(test), ...flags.map(({ name, value }) => `${value ? '' : 'not '}${owner}.${name}`)].join(' or ');
    return section ? undefined : timed(at.source, tester, call, `${condition}.wait_for(lambda: ${until}, ${timeout.text})`);
  }
  const edits = section
    ? changedPlaces(at.source, tester, section, again)
    : [replacement({ start: tester.start, end: headEnd(at.source, tester, test) }, again)];
  return edits && { title: `Test ${section ? `with ${condition} held` : 'again after each wake-up'}: ${again.slice(0, -1)}`, edits: inFile(at.file, edits) };
};

/** The if, while or with statement that a statement alone is the body of. */
function wrapperOf(statement: PythonNode): PythonNode | undefined {
  const holder = siblingsOf(statement).length === 1 ? holderOf(statement) : undefined;
  return holder && [Kind.ifStatement, Kind.whileStatement, Kind.withStatement].some((kind) => kind === holder.kind) ? holder : undefined;
}

/** `cond.wait()` or `await cond.wait()`, whose result nobody looks at. */
function isAlone(wait: PythonNode, call: PythonNode): boolean {
  const [only] = wait.children;
  return wait.kind === Kind.expressionStatement && (only.start === call.start || (only.kind === Kind.await && only.children[0]?.start === call.start));
}

function testOf(tester: PythonNode): PythonNode | undefined {
  const test = tester.child(Field.condition);
  return test && !tester.child(Field.alternative) && tester.children.length === 2 && bareTest(test).kind !== Kind.true ? test : undefined;
}

/** Behind the colon of a statement's head. */
function headEnd({ text }: PythonSource, statement: PythonNode, behind: PythonNode): number {
  const colon = text.indexOf(':', behind.end);
  return colon < 0 || colon >= statement.end ? behind.end : colon + 1;
}

function timed(source: PythonSource, tester: PythonNode, call: PythonNode, waiting: string): ReturnType<Fix<'wait-in-loop'>> {
  const isPlain = ownsItsLines(source, tester) && !tester.text.includes('#') && !/[\r\n]/.test(call.text);
  const wait = statementOf(call)!.text.replace(call.text, waiting);
  return isPlain ? { title: `Wait with ${waiting}`, edits: inFile(source.file, [replacement(tester, wait)]) } : undefined;
}

/** The with statement goes around the loop that is inside it then: their heads change places. */
function changedPlaces(source: PythonSource, tester: PythonNode, section: PythonNode, again: string): TextEdit[] | undefined {
  const heads = [tester, section].map((statement) => ({ start: statement.start, end: lineTailOf(source.text, statement.start) }));
  const [outer, inner] = heads.map(({ start, end }) => source.text.slice(start, end).trimEnd());
  if (!outer.endsWith(':') || !inner.endsWith(':') || !ownsItsLines(source, section)) return undefined;
  return [replacement(heads[0], inner), replacement(heads[1], again)];
}
