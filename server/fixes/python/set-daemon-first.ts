// Set daemon first: the statement that makes a thread a daemon goes before the one that starts it.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, type PythonSource } from '../fix';
import { lineEndOf, lineStartOf, linesOf } from '../layout';
import { expressionOf, ownsItsLines, removal, siblingsOf, statementOf } from './blocks';
import { argumentsOf, methodCalled } from './calls';

/** Moves `t.daemon = True` up to before `t.start()`, where both stand in one block. */
export const setDaemonFirst: Fix<'set-daemon-first'> = ({ site, start }, context) => {
  const [at, started] = [context.pythonAt(site), context.pythonAt(start)];
  const [late, early] = [at && statementOf(at.node), started && statementOf(started.node)];
  if (!at || !late || !early || !siblingsOf(late).includes(early) || !isConstantSetting(late) || isTried(late)) return undefined;
  if (!isStart(early) || !ownsItsLines(at.source, late) || !ownsItsLines(at.source, early)) return undefined;
  return {
    title: `Do ${late.text} before start()`,
    edits: inFile(at.file, [insertion(lineStartOf(at.source.text, early.start), textOfLines(at.source, late)), removal(at.source, late)]),
  };
};

/** The value must be the same further up. */
function isConstantSetting(statement: PythonNode): boolean {
  const only = expressionOf(statement);
  const value = only?.kind === Kind.assignment ? only.child(Field.right) : only && argumentsOf(only)?.[0]?.value;
  return value?.kind === Kind.true || value?.kind === Kind.false;
}

function isStart(statement: PythonNode): boolean {
  const only = expressionOf(statement);
  return only !== undefined && methodCalled(only)?.method.text === 'start';
}

/** Somebody may count on the error. */
function isTried(statement: PythonNode): boolean {
  for (let at = statement.parent; at && at.kind !== Kind.functionDefinition; at = at.parent) {
    if (at.kind === Kind.tryStatement || (at.kind === Kind.withStatement && /suppress|raises/i.test(at.text))) return true;
  }
  return false;
}

function textOfLines({ text }: PythonSource, statement: PythonNode): string {
  const { start, end } = linesOf(text, statement);
  const lines = text.slice(start, end);
  return /[\r\n]$/.test(lines) ? lines : `${lines}${lineEndOf(text)}`;
}
