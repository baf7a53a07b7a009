// Await all: `list.forEach(async …)` → `await Promise.all(list.map(async …))`, which starts the same work at the same time.
import { type Fix, inFile, insertion, replacement } from '../fix';
import { isFunctionLiteral } from './functions';
import { callbackLoopAt, hasMap, isTakenForArray } from './loops';
import { spanOf } from './nodes';

export const awaitAll: Fix<'await-all'> = ({ site, collection }, context) => {
  const at = context.typescriptAt(site);
  const loop = at && callbackLoopAt(at);
  if (!at || !loop) return undefined;
  const { call, callee, callback } = loop;
  const isSet = collection === 'Set' && !loop.isOptional && isFunctionLiteral(callback) && callback.parameters.length <= 1;
  if (callee.name.text !== 'map' && !isSet && !isTakenForArray(collection, loop)) return undefined;
  const isSpread = isSet || !hasMap(collection, loop, at.source);
  if (isSpread && loop.isOptional) return undefined;
  const list = spanOf(at.source, callee.expression);
  return {
    title: 'Wait for all elements, which are worked on at the same time: await Promise.all()',
    edits: inFile(at.file, [
      insertion(spanOf(at.source, call).start, `await Promise.all(${isSpread ? '[...' : ''}`),
      ...(isSpread ? [insertion(list.end, ']')] : []),
      replacement(spanOf(at.source, callee.name), 'map'),
      insertion(call.end, loop.isOptional ? ' ?? [])' : ')'),
    ]),
  };
};
