// Log the failure: a callback that tells what went wrong in a job whose future nobody asks.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, type Named, type PythonSource } from '../fix';
import { lineEndOf, quoteOf, unitOf } from '../layout';
import { assignmentOf } from './blocks';
import { argumentsOf, callAt } from './calls';
import { functionNamed } from './functions';
import { importedModule } from './imports';
import { commentsAbove, outerStatementOf } from './module-statements';
import { boundNames } from './names';

/** `pool.submit(f)` gets `.add_done_callback(_log_failure)`, `pool.apply_async(f)` an `error_callback`; the function is added where it is missing. */
export const logFailure: Fix<'log-failure'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const given = call && argumentsOf(call);
  if (!at || !given || call.parent?.kind !== Kind.expressionStatement) return undefined;
  const { source } = at;
  const isAsyncResult = /_async$/.test(call.child(Field.function)?.text ?? '');
  const name = isAsyncResult ? '_log_error' : '_log_failure';
  const added = callback(name, isAsyncResult, source, outerStatementOf(call));
  if (!added || (isAsyncResult && given.some(({ value }) => value.kind === Kind.dictionarySplat))) return undefined;
  const last = given.at(-1)?.node;
  const edit = isAsyncResult ? last && insertion(last.end, `, error_callback=${name}`) : insertion(call.end, `.add_done_callback(${name})`);
  return edit && { title: `Log it when the job fails, by ${name}()`, edits: inFile(at.file, [...added, edit]) };
};

/** Defines the callback before a statement of the module; nothing where it is there. Undefined where its name means something else. */
function callback(name: string, isAsyncResult: boolean, source: PythonSource, before: PythonNode): readonly TextEdit[] | undefined {
  const { root } = source.tree;
  const there = functionNamed(root.children, name);
  if (there) return /\b(?:error|exception|warning)\(/.test(there.text) ? [] : undefined;
  if (boundNames(root).has(name) || before.kind === Kind.expressionStatement) return undefined;
  const logger = loggerOf(source);
  if (!logger) return undefined;
  const [end, unit, quote] = [lineEndOf(source.text), unitOf(source.text, ''), quoteOf(source.text)];
  const lines = isAsyncResult
    ? [`def ${name}(error):`, `${unit}${logger.name}.error(${quote}A job failed${quote}, exc_info=error)`]
    : [
        `def ${name}(future):`,
        `${unit}if not future.cancelled() and future.exception() is not None:`,
        `${unit}${unit}${logger.name}.error(${quote}A job failed${quote}, exc_info=future.exception())`,
      ];
  return [...logger.edits, insertion(commentsAbove(source, before), `${lines.join(end)}${end}${end}${end}`)];
}

/** The module's logger, or one that is made on the spot. */
export function loggerOf(source: PythonSource): Named | undefined {
  for (const statement of source.tree.root.children) {
    const assignment = assignmentOf(statement);
    const left = assignment?.child(Field.left);
    if (left?.kind === Kind.identifier && /(?:^|\.)getLogger\(/.test(assignment?.child(Field.right)?.text ?? '')) return { name: left.text, edits: [] };
  }
  const logging = importedModule(source, 'logging');
  return logging && { name: `${logging.name}.getLogger(__name__)`, edits: logging.edits };
}
