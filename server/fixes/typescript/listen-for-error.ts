// Listen for 'error': a promise that waits for the good end of a stream, process or connection is rejected where that fails.
import ts from 'typescript';
import { type Fix, inFile, insertion, type Named, replacement, type TypeScriptSource } from '../fix';
import { freshName, quoteOf } from '../layout';
import { exactly } from './awaits';
import { type FunctionLiteral, isExecutor } from './functions';
import { spanOf, textOf } from './nodes';

/** `worker.once('message', resolve)` → `worker.on('error', reject).once('message', resolve)`. */
export const listenForError: Fix<'listen-for-error'> = ({ site, pipe }, context) => {
  const at = context.typescriptAt(site);
  const piped = pipe && context.typescriptAt(pipe);
  const place = piped ?? at;
  const call = place && exactly(place.source, place.path, place.span, ts.isCallExpression);
  const executor = at && executorIn(at.path);
  if (!at || !call || !executor || !call.above.includes(executor)) return undefined;
  const { source } = at;
  const reject = rejectOf(source, executor);
  const callee = call.node.expression;
  // What may be missing has nobody to listen to.
  if (!reject || !ts.isPropertyAccessExpression(callee) || ts.isOptionalChain(callee)) return undefined;
  // A source that is piped on the way does not hand its errors on.
  const sources = [callee.expression, ...sourceOf(callee.expression)];
  const quote = quoteOf(source.text);
  return {
    title: "Reject the promise on 'error'",
    edits: inFile(at.file, [...reject.edits, ...sources.map((each) => insertion(each.end, `.on(${quote}error${quote}, ${reject.name})`))]),
  };
};

/** What is piped into what a chain ends with: `source` of `source.pipe(target)`. */
function sourceOf(node: ts.Expression): ts.Expression[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== 'pipe') return [];
  const { expression: source } = node.expression;
  return [source, ...sourceOf(source)];
}

/** The function that a new promise is made with, around what a path leads to. */
function executorIn(path: readonly ts.Node[]): FunctionLiteral | undefined {
  return path.find((node, i): node is FunctionLiteral => isExecutor(node, path[i - 1]));
}

/** The name of the second parameter, which is added where there is none. */
function rejectOf(source: TypeScriptSource, executor: FunctionLiteral): Named | undefined {
  const [first, second] = executor.parameters;
  if (!first || !ts.isIdentifier(first.name)) return undefined;
  if (second) return ts.isIdentifier(second.name) && !second.name.text.startsWith('_') ? { name: second.name.text, edits: [] } : undefined;
  const name = freshName(textOf(source, executor), 'reject');
  const span = spanOf(source, first);
  const isBare = /^\s*=>/.test(source.text.slice(span.end));
  return { name, edits: [isBare ? replacement(span, `(${first.name.text}, ${name})`) : insertion(span.end, `, ${name}`)] };
}
