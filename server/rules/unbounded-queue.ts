// A queue with no maximum size stands between a loop that fills it and a thread that empties it.

import type { Facts, FunctionUse } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { enclosing, loopAround } from '../summary/structure';
import type { Rule } from './rule';
import { argumentOf, hasSpread, madeIn } from './shared/made-objects';

export const unboundedQueue: Rule = {
  id: 'unbounded-queue',
  family: 'unbounded-concurrency',
  languages: ['python'],
  severity: 'hint',
  subject: 'module',
  fixes: ['bound-queue'],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => api === 'queue.Queue' || api === 'multiprocessing.Queue' || api === 'asyncio.Queue')) {
      if (made.call.arguments.length > 0 && (hasSpread(made.call) || argumentOf(made.call, 'maxsize', 0)?.kind !== 'constant')) continue;
      const size = argumentOf(made.call, 'maxsize', 0);
      if (size?.kind === 'constant' && typeof size.value === 'number' && size.value > 0) continue;
      const write = modelOf(made.fn).operations.findIndex(
        (operation, point) => operation.kind === 'write' && operation.depends.includes(made.point) && point > made.point,
      );
      const cell = made.fn.cells.get(write)?.key;
      const uses = cell === undefined ? [] : facts.usesOf(cell);
      const put = uses.find((use) => /\.put(?:_nowait)?$/.test(use.api) && inEndlessLoop(use, facts));
      const get = uses.find((use) => /\.get$/.test(use.api) && inEndlessLoop(use, facts) && use.function !== put?.function);
      if (!put || !get || cell === undefined || uses.some((use) => /\.(?:qsize|full|join)$/.test(use.api))) continue;
      yield {
        rule: unboundedQueue.id,
        family: unboundedQueue.family,
        severity: 'hint',
        confidence: 0.4,
        site: { function: made.fn.key, point: made.point },
        message: `${nameOfKey(cell)} may grow without end: ${callOfKey(put.function)} fills it in a loop as fast as it can, and ${callOfKey(get.function)} empties it at its own pace. Give it a maxsize, so that put() waits when the other side cannot keep up.`,
        related: [
          { site: { function: put.function, point: put.point }, message: `${callOfKey(put.function)} puts in here` },
          { site: { function: get.function, point: get.point }, message: `${callOfKey(get.function)} takes out here` },
        ],
        fixes: mayWait(uses, put, facts) ? [{ kind: 'bound-queue', site: { function: made.fn.key, point: made.point } }] : [],
      };
    }
  },
};

/** Whether a put() may wait: by one function that takes nothing out, and that holds nothing meanwhile. */
function mayWait(uses: readonly FunctionUse[], put: FunctionUse, facts: Facts): boolean {
  const fn = facts.program.functions.get(put.function);
  const others = uses.some((use) => (use.function === put.function ? /\.get(?:_nowait)?$/ : /\.put(?:_nowait)?$/).test(use.api));
  return fn !== undefined && !others && !(enclosing(modelOf(fn)).get(put.point) ?? []).some(({ kind }) => kind === 'with');
}

function inEndlessLoop(use: FunctionUse, facts: Facts): boolean {
  const fn = facts.program.functions.get(use.function);
  const loop = fn && loopAround(modelOf(fn), use.point);
  return loop !== undefined && loop.over === undefined;
}
