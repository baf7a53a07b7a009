// Await a call: `save();` → `await save();`, where the function around it can wait.
import ts from 'typescript';
import type { Site } from '../../summary/locate';
import { modelOf } from '../../summary/resolved';
import { type Fix, type FixContext, inFile, type TypeScriptSource } from '../fix';
import { awaiting, exactly, mayAwait } from './awaits';
import { functionIn } from './functions';
import { spanOf, startWithComments, statementIn, textOf, walk } from './nodes';

/** Not where the function around the call is no async one: there its callers would have to wait as well. */
export const awaitCall: Fix<'await-call'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const call = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  if (!at || !call || !mayAwait(call.above) || isMeant(at.source, call.above) || goesOn(site, context)) return undefined;
  const name = shortName(textOf(at.source, call.node.expression));
  return { title: `Wait for ${name}`, edits: inFile(at.file, awaiting(at.source, call.node, call.above)) };
};

/** Whether the comment above a statement, or above the loop that it stands in, says that nobody waits. */
function isMeant(source: TypeScriptSource, above: readonly ts.Node[]): boolean {
  for (let held = statementIn(above); held; held = isInLoop(held.above) ? statementIn(held.above) : undefined) {
    const comment = source.text.slice(startWithComments(source, held.statement), spanOf(source, held.statement).start);
    if (/(?:\b(?:not|never|without|no need to)|n['’]t)\b[^.]{0,20}\ba?wait|fire[- ]and[- ]forget|background/i.test(comment)) return true;
  }
  return false;
}

function isInLoop(above: readonly ts.Node[]): boolean {
  const [outer, holder] = above.slice(-2);
  return holder !== undefined && ts.isBlock(holder) && ts.isIterationStatement(outer, false);
}

/** Whether a function of the workspace works until somebody tells it to stop, so that who waits for it stands still. */
function goesOn({ function: key, point }: Site, context: FixContext): boolean {
  const { targets = [], spawns = [] } = context.program.functions.get(key)?.calls.get(point) ?? {};
  return [...targets, ...spawns.flatMap((spawn) => spawn.function ?? [])].some((target) => {
    const fn = context.program.functions.get(target);
    const at = fn && modelOf(fn).operations.length > 0 ? context.typescriptAt({ function: target, point: 0 }) : undefined;
    const body = at && functionIn(at.path)?.body;
    return at !== undefined && body !== undefined && [...walk(body)].some((node) => isUntilTold(at.source, node, body));
  });
}

/** `while (this.running) await …` where nothing in the function lowers the flag, `for (;;) await …` that nothing leaves. */
function isUntilTold(source: TypeScriptSource, loop: ts.Node, body: ts.Node): boolean {
  const test = ts.isWhileStatement(loop) ? loop.expression : ts.isForStatement(loop) ? loop.condition : undefined;
  const inside = [...walk(loop)];
  if (!(test || ts.isForStatement(loop)) || !inside.some(ts.isAwaitExpression)) return false;
  if (!test || test.kind === ts.SyntaxKind.TrueKeyword) return !inside.some((node) => ts.isReturnStatement(node) || ts.isBreakStatement(node));
  const flag = /^!?(this\.[\w$#]+)$/.exec(textOf(source, test))?.[1];
  return flag !== undefined && ![...walk(body)].some((node) => ts.isBinaryExpression(node) && textOf(source, node.left) === flag);
}

/** `this.store.save` as it is; of a long chain only what is called at last. */
function shortName(callee: string): string {
  return `${/^[\w$.?!#]{1,40}$/.test(callee) ? callee.replace(/\?\.$/, '') : (/[\w$#]+$/.exec(callee)?.[0] ?? 'the call')}()`;
}
