// Requests wait for the answers of a worker or a child process, and nobody notices when it dies: they are never settled.
import { calledName } from '../model/calls';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { handMadeIn, settler } from './shared/executors';
import { first, oneRun, second } from './shared/interleavings';

export const deadWorkerUnnoticed: Rule = {
  id: 'dead-worker-unnoticed',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('Promise'),
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    const functions = facts.functionsIn(file);
    if (hearsOf(functions, /^(?:error|exit|close|disconnect|messageerror)$/) || !hearsOf(functions, /^message$/)) return;
    const waiting = waitingIn(file, facts);
    const worker = waiting && workerIn(functions);
    if (worker && waiting) yield findingOf(worker, waiting);
  },
};

interface At {
  readonly fn: ResolvedFunction;
  readonly point: Point;
}

/** Whether a file listens for an event, of whatever. */
function hearsOf(functions: readonly ResolvedFunction[], events: RegExp): boolean {
  return functions.some((fn) =>
    modelOf(fn).operations.some((operation) => {
      if (operation.kind === 'write')
        return events.test((operation.place.path.at(-1) ?? '').replace(/^on/, '')) && /^on/.test(operation.place.path.at(-1) ?? '');
      if (operation.kind !== 'call' || !/^(?:on|once|addListener|addEventListener|prependListener)$/.test(calledName(operation))) return false;
      const event = operation.arguments[0]?.value;
      // An event that is named elsewhere may be any.
      return event?.kind !== 'constant' || events.test(String(event.value));
    }),
  );
}

/** A promise whose settling functions are put away under a key, for the answer to come. */
function waitingIn(file: string, facts: Facts): At | undefined {
  for (const made of handMadeIn(file, facts)) {
    for (const fn of made.nest) {
      const point = modelOf(fn).operations.findIndex((operation) => {
        if (operation.kind === 'write') return operation.place.path.length > 0 && holds(operation.value, (value) => settler(made, fn, value) !== undefined);
        return (
          operation.kind === 'call' &&
          /^(?:set|push|add|enqueue)$/.test(calledName(operation)) &&
          operation.arguments.some(({ value }) => holds(value, (each) => settler(made, fn, each) !== undefined))
        );
      });
      if (point >= 0) return { fn, point };
    }
  }
  return undefined;
}

type Held = Parameters<typeof settler>[2];

function holds(value: Held, isIt: (value: Held) => boolean): boolean {
  return isIt(value) || (value.kind === 'collection' && value.items.some((item) => holds(item, isIt)));
}

/** Where a worker or a child process with a channel is made. */
function workerIn(functions: readonly ResolvedFunction[]): At | undefined {
  for (const fn of functions) {
    for (const [point, { api }] of fn.calls) {
      if (/^(?:worker_threads\.Worker|child_process\.fork|cluster\.fork)$/.test(api?.name ?? '')) return { fn, point };
    }
  }
  return undefined;
}

function findingOf({ fn, point }: At, waiting: At): Finding {
  return {
    rule: deadWorkerUnnoticed.id,
    family: deadWorkerUnnoticed.family,
    // One that is made when it is first needed is meant to be there whenever it is needed.
    ...(/^(?:constructor|module)$/.test(modelOf(fn).kind)
      ? { severity: 'hint', confidence: 0.6 }
      : { severity: deadWorkerUnnoticed.severity, confidence: 0.8 }),
    site: { function: fn.key, point },
    message: `Requests wait for ever when this worker dies: their promises are settled by its messages alone, and nobody here listens for its 'error' or 'exit'. Listen for both, and reject what is still waiting.`,
    related: [
      { site: { function: fn.key, point }, message: 'Is started, and may end before it has answered' },
      { site: { function: waiting.fn.key, point: waiting.point }, message: 'Waits for an answer to come' },
    ],
    interleaving: {
      sides: [oneRun(undefined, waiting.fn.key), 'worker'],
      steps: [
        second({ function: fn.key, point }, 'is started'),
        first({ function: waiting.fn.key, point: waiting.point }, 'keeps what settles the promise of a request, and waits for the answer'),
        second({ function: fn.key, point }, 'ends before it has answered, and nobody hears of it'),
      ],
      harm: 'stuck',
      outcome: 'No answer can come any more, and whoever awaits it waits for ever.',
    },
    fixes: [],
  };
}
