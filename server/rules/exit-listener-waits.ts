// A listener for the end of the process waits for something, and the process is gone before that is there.
import { calledName } from '../model/calls';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { droppedIn } from './shared/dropped-promises';
import { first } from './shared/interleavings';
import { calledFunctions, functionsGiven } from './shared/promises';

export const exitListenerWaits: Rule = {
  id: 'exit-listener-waits',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'error',
  subject: 'module',
  when: callingInFile('on', 'once', 'addListener', 'prependListener'),
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [point, { api }] of fn.calls) {
        if (!/^process\.(?:on|once|addListener|prependListener)$/.test(api?.name ?? '')) continue;
        const call = modelOf(fn).operations[point];
        if (call.kind !== 'call' || call.arguments[0]?.value.kind !== 'constant' || call.arguments[0].value.value !== 'exit') continue;
        const listener = call.arguments[1]?.value;
        for (const key of listener ? functionsGiven(fn, listener, facts) : []) {
          const inner = facts.program.functions.get(key);
          const waits = inner && waitsAt(inner, facts);
          if (inner && waits !== undefined) yield findingOf(fn, point, inner, waits);
        }
      }
    }
  },
};

/** The first thing in a listener that is not done when it comes back. */
function waitsAt(fn: ResolvedFunction, facts: Facts): number | undefined {
  const { operations } = modelOf(fn);
  const awaits = operations.findIndex((operation) => operation.kind === 'await');
  if (awaits >= 0) return awaits;
  const dropped = droppedIn(fn, facts).find((each) => each.certainty === 'yes' && !endsAtOnce(fn, each.point))?.point;
  if (dropped !== undefined) return dropped;
  // `() => this.flush()`: the emitter waits for what is returned no more than for what is dropped.
  const returned = operations.findIndex((operation, point) => operation.kind === 'call' && operation.outcome === 'returned' && waitsInside(fn, point, facts));
  return returned < 0 ? undefined : returned;
}

/** What ends a worker or a child has done so when it comes back; its promise only tells of it. */
function endsAtOnce(fn: ResolvedFunction, point: number): boolean {
  const operation = modelOf(fn).operations[point];
  return operation.kind === 'call' && /^(?:terminate|kill|destroy|abort|unref)$/.test(calledName(operation));
}

function waitsInside(fn: ResolvedFunction, point: number, facts: Facts): boolean {
  return calledFunctions(fn, point, facts).some((key) => (facts.summaryOf(key)?.awaits.length ?? 0) > 0);
}

function findingOf(fn: ResolvedFunction, point: number, inner: ResolvedFunction, waits: number): Finding {
  return {
    rule: exitListenerWaits.id,
    family: exitListenerWaits.family,
    severity: exitListenerWaits.severity,
    confidence: 0.9,
    site: { function: fn.key, point },
    message: `What this exit listener waits for never comes: once 'exit' is emitted the event loop does not turn any more, and the process is gone as soon as the listener has come back. Do the work on 'beforeExit' or on the signals and exit then, or do it synchronously.`,
    related: [
      { site: { function: fn.key, point }, message: `${callOfKey(inner.key)} is called when the process ends` },
      { site: { function: inner.key, point: waits }, message: 'Comes to an end only after the process' },
    ],
    interleaving: {
      sides: ['process at its end'],
      steps: [
        first({ function: fn.key, point }, 'calls the listener'),
        first({ function: inner.key, point: waits }, 'waits for what the event loop would have to do, which no longer turns'),
      ],
      harm: 'lost',
      outcome: 'The process is gone before the listener comes any further.',
    },
    fixes: [],
  };
}
