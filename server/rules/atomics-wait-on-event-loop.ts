// Atomics.wait is called where the thread must not stop: on the main thread of a page, which refuses, or in an async function or handler.
import type { Call } from '../model/operation';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { touchesSharedMemory } from './shared/atomic-words';
import { first } from './shared/interleavings';
import { isPageScript, isWorkerScript } from './shared/worker-code';

export const atomicsWaitOnEventLoop: Rule = {
  id: 'atomics-wait-on-event-loop',
  family: 'shared-memory',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: touchesSharedMemory,
  fixes: [],
  *check(file, facts) {
    if (isWorkerScript(file, facts)) return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, { api }] of fn.calls) {
        const operation = modelOf(fn).operations[point];
        if (api?.name !== 'Atomics.wait' || operation.kind !== 'call') continue;
        const finding = findingOf(fn, point, operation, facts);
        if (finding) yield finding;
      }
    }
  },
};

function findingOf(fn: ResolvedFunction, point: number, wait: Call, facts: Facts): Finding | undefined {
  const site = { function: fn.key, point };
  const roots = facts.contextOf(fn.key).roots.map((root) => rootParts(root));
  const handlers = roots.flatMap((root) => (root.function !== undefined && (root.kind === 'callback' || root.kind === 'task') ? [root.function] : []));
  const caller: Site[] = [...(facts.program.callers.get(fn.key) ?? [])].slice(0, 1).map(([key, [first]]) => ({ function: key, point: first.point }));
  const related = [{ site, message: 'The thread stops here' }, ...caller.map((at) => ({ site: at, message: `${callOfKey(at.function)} comes here` }))];
  const common = { rule: atomicsWaitOnEventLoop.id, family: atomicsWaitOnEventLoop.family, site, related, fixes: [] };
  if (isPageScript(fn.module.file, facts) || handlers.some((key) => fileOfKey(key) === fn.module.file && isPageScript(fileOfKey(key), facts))) {
    return {
      ...common,
      severity: 'warning',
      confidence: 0.8,
      message:
        'This waits on the main thread of a page, which is not allowed: Atomics.wait throws a TypeError there, since the page would stand still, and so would the messages and events that the other side may need. Use Atomics.waitAsync and await its value, or wait in a worker.',
    };
  }
  // A pause of a known length is a matter of blocking alone.
  if (wait.arguments.length > 3 || !(modelOf(fn).isAsync || handlers.length > 0)) return undefined;
  return {
    ...common,
    severity: 'warning',
    confidence: 0.7,
    interleaving: {
      sides: ['thread of the event loop'],
      steps: [...caller.map((at) => first(at, `calls ${callOfKey(fn.key)}, while other work is due`)), first(site, 'stops until another thread notifies')],
      harm: 'stuck',
      outcome: 'Until then no request, timer or message is handled, nor the one that the other side may need to get there.',
    },
    message:
      'This stops the whole event loop until another thread notifies: no other request, timer or message is handled meanwhile, and where the other side needs one of them, nobody ever wakes this thread. Use Atomics.waitAsync and await its value, or a message.',
  };
}
