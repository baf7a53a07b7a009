// That a queue between processes is empty is taken to mean that all is done, though items may be on their way, or go to another.
import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { first, second } from './shared/interleavings';
import { ProcessEvents } from './shared/process-events';
import { runsInSeveral, sideOf } from './shared/process-sides';
import { isFromManager, processSites } from './shared/process-sites';

export const queueEmptyTrusted: Rule = {
  id: 'queue-empty-trusted',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('empty'),
  fixes: [],
  *check(file, facts) {
    let events: ProcessEvents | undefined;
    let handed: ReadonlySet<string> | undefined;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call' || operation.callee.kind !== 'place' || methodOf(operation) !== 'empty') continue;
        const loop = conditionOf(fn, point);
        if (!loop) continue;
        const get = getIn(fn, loop.body, operation);
        if (get === undefined) continue;
        if (sideOf(facts, fn.key) === 'child' && runsInSeveral(facts, fn.key)) {
          const root = operation.callee.place.root;
          handed ??= handedQueues(facts, file);
          const isQueue = isProcessQueue(facts, fn, point, operation) || (root.kind === 'parameter' && handed.has(`${fn.key}:${root.index}`));
          if (isQueue && waits(fn, get)) yield taken(fn, point, get);
          continue;
        }
        if (!isProcessQueue(facts, fn, point, operation)) continue;
        events ??= new ProcessEvents(facts, file);
        const known = events.of(fn);
        const channels = known.filter((event) => event.kind === 'get' && event.point === get).flatMap((event) => [...event.channels]);
        const spawn = known.find((event) => event.kind === 'spawn' && event.point < point && channels.some((channel) => event.channels.has(channel)));
        if (spawn && !known.some((event) => event.kind === 'join' && event.point < point)) yield early(fn, spawn.point, point);
      }
    }
  },
};

/** The while loop that the call is the whole condition of, in no other loop. */
function conditionOf(fn: ResolvedFunction, point: number) {
  const model = modelOf(fn);
  const loops = (enclosing(model).get(point) ?? []).flatMap((structure) => (structure.kind === 'loop' && structure.part === 'body' ? [structure.step] : []));
  if (loops.length !== 1) return undefined;
  const { statement } = model.operations[point];
  if (model.statements[statement]?.start !== loops[0].span.start) return undefined;
  const others = model.operations.some((operation, number) => number !== point && operation.kind === 'call' && operation.statement === statement);
  return others ? undefined : loops[0];
}

/** The call in a loop that takes an item out of the queue that is asked. */
function getIn(fn: ResolvedFunction, body: readonly unknown[], asked: Call): number | undefined {
  const queue = JSON.stringify(receiverOf(asked.callee));
  const { operations } = modelOf(fn);
  const found = operations.findIndex(
    (operation, number) =>
      operation.kind === 'call' &&
      /^get(?:_nowait)?$/.test(methodOf(operation)) &&
      JSON.stringify(receiverOf(operation.callee)) === queue &&
      number > operations.indexOf(asked),
  );
  return found < 0 || body.length === 0 ? undefined : found;
}

/** `get()` that waits without a limit. */
function waits(fn: ResolvedFunction, get: number): boolean {
  const operation = modelOf(fn).operations[get];
  return operation.kind === 'call' && methodOf(operation) === 'get' && operation.arguments.length === 0;
}

function isProcessQueue(facts: Facts, fn: ResolvedFunction, point: number, call: Call): boolean {
  return (
    /^multiprocessing\.(?:Queue|SimpleQueue|JoinableQueue)\.empty$/.test(fn.calls.get(point)?.api?.name ?? '') &&
    !isFromManager(facts, fn, receiverOf(call.callee))
  );
}

/** The parameters that processes get a queue through. */
function handedQueues(facts: Facts, file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const { resolver } = facts.program;
  for (const site of processSites(facts, file)) {
    for (const key of site.targets) {
      const target = facts.program.functions.get(key);
      for (const { value, parameter } of target ? site.handed : []) {
        const type = resolver.typeOf(site.fn.module, site.fn.index, value);
        if (type?.kind === 'library' && /^multiprocessing\.(?:Joinable|Simple)?Queue$/.test(type.name))
          found.add(`${key}:${(parameter ?? -1) + (modelOf(target!).kind === 'method' ? 1 : 0)}`);
      }
    }
  }
  return found;
}

function taken(fn: ResolvedFunction, point: number, get: number): Finding {
  const at = (where: number) => ({ function: fn.key, point: where });
  return {
    rule: queueEmptyTrusted.id,
    family: queueEmptyTrusted.family,
    severity: queueEmptyTrusted.severity,
    confidence: 0.8,
    site: at(point),
    message: `A worker can wait for ever for an item that another one took: ${callOfKey(fn.key)} runs in several processes, and between empty() and get() the last item goes to another of them. An item that is still on its way makes empty() true too early as well. Send each worker a last item that says stop, or use get_nowait() and catch queue.Empty.`,
    related: [
      { site: at(point), message: 'Worker A: finds one item left; so does worker B' },
      { site: at(get), message: 'Worker B takes it, and worker A waits here' },
    ],
    fixes: [],
    interleaving: {
      sides: [`process running ${callOfKey(fn.key)}`, `another process running ${callOfKey(fn.key)}`],
      steps: [
        first(at(point), 'asks whether the queue is empty: one item is left'),
        second(at(point), 'asks the same: one item is left'),
        second(at(get), 'takes that item'),
        first(at(get), 'waits for an item'),
      ],
      harm: 'stuck',
      outcome: 'Nothing comes any more, and it waits for ever.',
    },
  };
}

function early(fn: ResolvedFunction, spawn: number, point: number): Finding {
  const at = (where: number) => ({ function: fn.key, point: where });
  return {
    rule: queueEmptyTrusted.id,
    family: queueEmptyTrusted.family,
    severity: queueEmptyTrusted.severity,
    confidence: 0.8,
    site: at(point),
    message: `This loop can end before the results are there: empty() says that nothing is in the pipe at the moment, and the processes that ${callOfKey(fn.key)} has started may still be at work. What they put later is never read, and keeps them from ending. Read as many results as there are, or until each process has sent a last one.`,
    related: [
      { site: at(spawn), message: 'A process is made here that puts its results into the queue when it has them' },
      { site: at(point), message: 'The loop ends as soon as nothing is there, which may be at once' },
    ],
    fixes: [],
    interleaving: {
      sides: ['parent process', 'child process'],
      steps: [
        first(at(spawn), 'makes the child'),
        first(at(point), 'asks whether the queue is empty: nothing has come yet, and the loop ends'),
        second(at(spawn), 'puts its results into the queue, where nobody reads them'),
      ],
      harm: 'lost',
      outcome: 'The results are never read.',
    },
  };
}
