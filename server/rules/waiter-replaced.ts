// A future is put where an earlier call's may still stand, and whoever waits for that one is never woken.
import { methodOf } from '../model/calls';
import { printPlace } from '../model/place';
import { resultOf, type Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn, isCaptured } from './shared/await-flow';
import { begunTwice, inFlightTwice } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { isOneAtATime } from './shared/one-at-a-time';
import { storedResolvers } from './shared/stored-resolvers';

export const waiterReplaced: Rule = {
  id: 'waiter-replaced',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    if (facts.program.modules.get(file)?.language === 'typescript') {
      for (const fn of facts.functionsIn(file)) yield* replacedResolvers(fn, facts);
      return;
    }
    for (const fn of asyncFunctions(file, facts)) {
      if ((facts.contextOf(fn.key).entry?.length ?? 0) > 0) continue;
      const { steps } = flowIn(fn, facts);
      for (const stored of steps) {
        const made = stored.kind === 'write' && stored.site.function === fn.key && !stored.cell.element ? waiterMade(fn, stored.write!.value) : undefined;
        if (made === undefined || isCaptured(stored.cell.key) || isOfArgument(fn, stored) || stored.held.size > 0) continue;
        // Whoever looks first knows that somebody waits.
        if (stored.tests.some((test) => test.cell.key === stored.cell.key)) continue;
        const awaited = awaitOf(fn, stored, made);
        const reason = awaited === undefined ? undefined : inFlightTwice(fn, true, facts);
        if (awaited === undefined || !reason || (!reason.known && modelOf(fn).isPrivate) || !isWokenElsewhere(fn, stored, facts)) continue;
        const place = nameOfKey(stored.cell.key);
        yield {
          rule: waiterReplaced.id,
          family: waiterReplaced.family,
          severity: reason.known ? 'warning' : 'information',
          confidence: reason.known ? 0.85 : 0.55,
          site: { function: fn.key, point: awaited },
          message: `This may wait for ever: ${place} holds one waiter, and a second call of ${callOfKey(fn.key)} puts its own there while the first waits, so that nobody is left who could wake the first. ${reason.text} Keep a list of waiters, let all wait for one future, or refuse the second call.`,
          related: [
            { site: stored.site, message: `First call: stores its waiter; a second call stores another over it` },
            { site: { function: fn.key, point: awaited }, message: 'First call: waits for one that nobody knows any more' },
          ],
          interleaving: {
            sides: twoCalls(fn.key),
            steps: [
              first(stored.site, `stores its waiter in ${place}`),
              first({ function: fn.key, point: awaited }, 'waits until somebody wakes it'),
              second(stored.site, `stores a waiter of its own in ${place}, over the first`),
              second({ function: fn.key, point: awaited }, 'waits as well, and is the only one who can be woken'),
            ],
            harm: 'stuck',
            outcome: 'Nobody knows the waiter of the first call any more, which waits for ever.',
          },
          fixes: [],
        };
      }
    }
  },
};

/** In TypeScript what is stored is the function that settles a promise. */
function* replacedResolvers(fn: ResolvedFunction, facts: Facts): Iterable<Finding> {
  if ((facts.contextOf(fn.key).entry?.length ?? 0) > 0 || modelOf(fn).kind === 'constructor' || isOneAtATime(fn, facts)) return;
  for (const { made, stored } of storedResolvers(fn, facts)) {
    if (stored.held.size > 0 || stored.tests.some((test) => test.cell.key === stored.cell.key)) continue;
    // Whoever is asked may settle an older one first: `this.pending?.reject(new Error('replaced'))`.
    const isLookedAt = flowIn(fn, facts).steps.some((step) => step.cell.key === stored.cell.key && step.kind !== 'write' && step.epoch === stored.epoch);
    const reason = isLookedAt ? undefined : begunTwice(fn, true, facts);
    if (!reason || (!isWokenElsewhere(fn, stored, facts) && !isCalledElsewhere(fn, stored, facts))) continue;
    const place = nameOfKey(stored.cell.key);
    yield {
      rule: waiterReplaced.id,
      family: waiterReplaced.family,
      // Calls that come one after the other look the same, and most do.
      severity: 'information',
      confidence: reason.known ? 0.6 : 0.5,
      site: stored.site,
      message: `A promise may stay pending for ever: ${place} holds what settles one promise, and a second call of ${callOfKey(fn.key)} puts its own there while the first waits, so that nobody is left who could settle the first. ${reason.text} Keep one for each call under a key or in a queue, let one call at a time through, or refuse the second.`,
      related: [
        { site: { function: fn.key, point: made }, message: 'First call: makes a promise to wait for' },
        { site: stored.site, message: 'First call: stores what settles it; a second call stores its own over that' },
      ],
      interleaving: {
        sides: twoCalls(fn.key),
        steps: [
          first({ function: fn.key, point: made }, 'makes a promise to wait for'),
          first(stored.site, `stores in ${place} what settles it`),
          second({ function: fn.key, point: made }, 'makes a promise of its own'),
          second(stored.site, `stores in ${place} what settles that, over the first`),
        ],
        harm: 'stuck',
        outcome: 'Nobody can settle the promise of the first call any more, which stays pending.',
      },
      fixes: [],
    };
    return;
  }
}

/** The operation that made a future or an event. */
function waiterMade(fn: ResolvedFunction, value: Value): number | undefined {
  const operation = resultOf(value);
  if (operation === undefined) return undefined;
  const made = modelOf(fn).operations[operation];
  const name = fn.calls.get(operation)?.api?.name ?? (made?.kind === 'call' ? methodOf(made) : '');
  return /(?:^|\.)create_future$|^asyncio\.(?:Future|Event)$/.test(name) ? operation : undefined;
}

/** A field of something that was handed in: whoever hands it in may have made it for this call. */
function isOfArgument(fn: ResolvedFunction, { site }: FlowStep): boolean {
  const operation = modelOf(fn).operations[site.point];
  return operation?.kind === 'write' && operation.place.root.kind === 'parameter';
}

/** Where the function waits for what it has stored. */
function awaitOf(fn: ResolvedFunction, stored: FlowStep, made: number): number | undefined {
  const { operations } = modelOf(fn);
  const found = operations.findIndex((operation, number) => {
    if (number <= stored.site.point || operation.kind !== 'await') return false;
    // Itself, what stands in its place, or something that was made of it: `wait_for(self._waiter, 5)`, `self._event.wait()`.
    return operation.depends.some((each) => each === made || fn.cells.get(each)?.key === stored.cell.key || restsOn(fn, each, made, stored.cell.key));
  });
  return found < 0 ? undefined : found;
}

function restsOn(fn: ResolvedFunction, number: number, made: number, cell: string): boolean {
  const operation = modelOf(fn).operations[number];
  if (
    operation.kind === 'call' &&
    operation.callee.kind === 'place' &&
    operation.callee.place.root.kind === 'result' &&
    operation.callee.place.root.operation === made
  )
    return true;
  return operation.kind === 'call' && operation.depends.some((each) => each === made || fn.cells.get(each)?.key === cell);
}

/** `this.wake()` in another function. */
function isCalledElsewhere(fn: ResolvedFunction, stored: FlowStep, facts: Facts): boolean {
  const place = stored.write && printPlace(stored.write.place);
  return facts
    .functionsIn(fn.module.file)
    .some(
      (other) =>
        other.key !== fn.key &&
        other.key !== stored.site.function &&
        modelOf(other).operations.some((each) => each.kind === 'call' && each.callee.kind === 'place' && printPlace(each.callee.place) === place),
    );
}

/** Whether another function reaches for the waiter. */
function isWokenElsewhere(fn: ResolvedFunction, stored: FlowStep, facts: Facts): boolean {
  return facts.accessesOf(stored.cell.key).some((access) => access.function !== fn.key && access.function !== stored.site.function && !access.write);
}
