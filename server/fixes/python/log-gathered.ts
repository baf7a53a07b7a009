// Log what was gathered: the exceptions among the results of gather() are written to the log.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { below, lineIndentOf, quoteOf, unitOf } from '../layout';
import { functionAround, ownsItsLines, statementOf } from './blocks';
import { callAt } from './calls';
import { loggerOf } from './log-failure';
import { freeName } from './names';

/** A loop over the results behind `await gather(…, return_exceptions=True)`; they get a name where they have none. */
export const logGathered: Fix<'log-gathered'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const statement = call && statementOf(call);
  const logger = at && loggerOf(at.source);
  if (!at || !statement || !functionAround(statement) || !logger || call.parent?.kind !== Kind.await || !ownsItsLines(at.source, statement)) return undefined;
  const { text } = at.source;
  const named = nameOfResults(call.parent);
  if (named === undefined) return undefined;
  const results = named === '' ? freeName(statement, 'results') : named;
  const result = freeName(statement, 'result');
  const [unit, quote] = [unitOf(text, lineIndentOf(text, statement.start)), quoteOf(text)];
  const lines = [
    `for ${result} in ${results}:`,
    `${unit}if isinstance(${result}, Exception):`,
    `${unit}${unit}${logger.name}.error(${quote}A task failed${quote}, exc_info=${result})`,
  ];
  return {
    title: 'Log the exceptions among the results',
    edits: inFile(at.file, [...logger.edits, ...(named === '' ? [insertion(statement.start, `${results} = `)] : []), below(text, statement, ...lines)]),
  };
};

/** The variable that an awaited value goes to; empty for none, undefined where it goes elsewhere. */
function nameOfResults({ parent, start }: PythonNode): string | undefined {
  if (parent?.kind === Kind.expressionStatement) return '';
  const left = parent?.kind === Kind.assignment && parent.child(Field.right)?.start === start ? parent.child(Field.left) : undefined;
  return left?.kind === Kind.identifier && left.text !== '_' ? left.text : undefined;
}
