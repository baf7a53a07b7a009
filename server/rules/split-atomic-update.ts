// A word of shared memory is loaded, and stored anew in a second step, while another thread writes it too: one of the changes is lost.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import { enclosing, structuresIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { isWrite, makesMemory, numberOf, sameWord, touchesSharedMemory, type WordTouch, wordName, wordTouches } from './shared/atomic-words';
import { first, lostUpdate as overwritten, second, twoCalls } from './shared/interleavings';
import { runsInWorkers } from './shared/worker-code';

export const splitAtomicUpdate: Rule = {
  id: 'split-atomic-update',
  family: 'shared-memory',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: touchesSharedMemory,
  fixes: ['update-atomically'],
  *check(file, facts) {
    const touches = wordTouches(file, facts);
    for (const store of touches) {
      const permit = store.by === 'sub' ? permitTaken(store, touches) : undefined;
      if (permit) yield takenTwice('permit', permit, store);
      if (store.by !== 'store' || makesMemory(store.fn)) continue;
      const loads = touches.filter((touch) => touch.by === 'load' && touch.fn === store.fn && touch.point < store.point && sameWord(touch, store));
      const load = loads.findLast((each) => store.value?.depends.includes(each.point));
      const company = load && companyOf(store, touches, facts);
      if (load && company) yield lostUpdate(load, store, company, isExchanged(store, touches));
      else if (!load) {
        const held = lockTaken(store, loads, touches, facts);
        if (held) yield takenTwice('lock', held, store);
      }
    }
  },
};

/** Who else writes the word: a touch, or the workers that all run the very same code. */
type Company = { readonly by: WordTouch; readonly sure: boolean };

function companyOf(store: WordTouch, touches: readonly WordTouch[], facts: Facts): Company | undefined {
  const writers = touches.filter((touch) => isWrite(touch) && touch.fn !== store.fn && sameWord(touch, store) && !makesMemory(touch.fn));
  const elsewhere = writers.find((touch) => touch.role !== store.role);
  if (elsewhere) return { by: elsewhere, sure: true };
  // One class for both sides: who also moves another word is one side, who moves this one alone the other.
  const moves = (fn: WordTouch['fn']) =>
    touches.filter((touch) => touch.fn === fn && touch.by === 'store' && touch.view === store.view && isDerived(touch, touches));
  const others = moves(store.fn).filter((touch) => !sameWord(touch, store));
  const other = writers.find((touch) => isDerived(touch, touches) && moves(touch.fn).every((each) => sameWord(each, store)));
  if (others.length > 0 && other) return { by: other, sure: true };
  const pushed = moves(store.fn).every((each) => sameWord(each, store)) && writers.find((touch) => !isDerived(touch, touches) && makesRoom(touch, touches));
  if (pushed) return { by: pushed, sure: true };
  // A ring with one writer and one reader looks at the other's word as well.
  const looksAround = touches.some((touch) => touch.fn === store.fn && touch.by === 'load' && touch.view === store.view && !sameWord(touch, store));
  const added = touches.find((touch) => /^(?:add|sub|compareExchange)$/.test(touch.by) && touch.view === store.view && !sameWord(touch, store));
  return !looksAround && added && runsInWorkers(store.fn, facts) ? { by: added, sure: false } : undefined;
}

/** A full ring drops its oldest: who moves a word of its own moves the other side's as well, where a load says that it has to. */
function makesRoom(touch: WordTouch, touches: readonly WordTouch[]): boolean {
  const branch = enclosing(modelOf(touch.fn))
    .get(touch.point)
    ?.find((outer) => outer.kind === 'branch');
  const asked = touches.some(
    (load) => load.by === 'load' && load.fn === touch.fn && sameWord(load, touch) && branch?.kind === 'branch' && branch.step.test.includes(load.point),
  );
  const stores = touches.filter((each) => each.fn === touch.fn && each.by === 'store' && each.view === touch.view && each.value?.value.kind !== 'constant');
  return touch.by === 'store' && asked && stores.includes(touch) && stores.some((each) => !sameWord(each, touch) && each.point > touch.point);
}

function isDerived(touch: WordTouch, touches: readonly WordTouch[]): boolean {
  if (touch.by === 'compareExchange') return true;
  return touches.some((load) => load.by === 'load' && load.fn === touch.fn && sameWord(load, touch) && (touch.value?.depends.includes(load.point) ?? false));
}

/** Where a lock or permit that is taken was asked for before, and where it is given back. */
interface Taking {
  readonly load: WordTouch;
  readonly release: WordTouch;
}

/** `while (load(LOCK) === HELD) wait(…); store(LOCK, HELD)`, with somebody who gives it back. */
function lockTaken(store: WordTouch, loads: readonly WordTouch[], touches: readonly WordTouch[], facts: Facts): Taking | undefined {
  const taken = numberOf(store.fn, store.value?.value);
  if (taken === undefined || taken === 0) return undefined;
  const around = enclosing(modelOf(store.fn));
  const outside = new Set((around.get(store.point) ?? []).map((outer) => outer.step));
  const load = loads.find((each) => {
    const loop = around.get(each.point)?.find((outer) => outer.kind === 'loop');
    const tested = structuresIn(modelOf(store.fn).body).some((step) => step.kind === 'branch' && step.test.includes(each.point));
    return tested || (loop !== undefined && !outside.has(loop.step));
  });
  if (!load || touches.some((touch) => touch.fn === store.fn && /^(?:exchange|compareExchange)$/.test(touch.by) && sameWord(touch, store))) return undefined;
  const release = touches.find(
    (touch) =>
      isWrite(touch) &&
      touch.role === store.role &&
      touch !== store &&
      sameWord(touch, store) &&
      numberOf(touch.fn, touch.value?.value) === 0 &&
      isPaired(store, touch, facts),
  );
  return release && { load, release };
}

/** `while (load(FREE) === 0) wait(…); sub(FREE, 1)`, with somebody who adds it again. */
function permitTaken(sub: WordTouch, touches: readonly WordTouch[]): Taking | undefined {
  const operation = modelOf(sub.fn).operations[sub.point];
  // Who looks at what was there before can give it back.
  if (operation.kind !== 'call' || operation.outcome !== 'dropped') return undefined;
  const around = enclosing(modelOf(sub.fn));
  const outside = new Set((around.get(sub.point) ?? []).map((outer) => outer.step));
  const same = touches.filter((touch) => sameWord(touch, sub));
  const load = same.find((touch) => {
    const loop = around.get(touch.point)?.find((outer) => outer.kind === 'loop');
    return touch.by === 'load' && touch.fn === sub.fn && touch.point < sub.point && loop !== undefined && !outside.has(loop.step);
  });
  const waits = same.some((touch) => touch.by === 'wait' && touch.fn === sub.fn && touch.point < sub.point);
  const release = same.find((touch) => touch.by === 'add' && touch.fn !== sub.fn && touch.role === sub.role);
  return load && waits && release && !same.some((touch) => touch.by === 'compareExchange' && touch.fn === sub.fn) ? { load, release } : undefined;
}

/** Whether one run does both: takes it and gives it back. */
function isPaired(taken: WordTouch, released: WordTouch, facts: Facts): boolean {
  if (taken.fn === released.fn) return taken.point < released.point;
  const callers = (touch: WordTouch) => new Set([touch.fn.key, ...(facts.program.callers.get(touch.fn.key)?.keys() ?? [])]);
  const givers = callers(released);
  return [...callers(taken)].some((key) => givers.has(key));
}

/** Who exchanges it counts on what was there: how much is added blindly is not for it to know. */
function isExchanged(store: WordTouch, touches: readonly WordTouch[]): boolean {
  return touches.some((touch) => /^(?:exchange|compareExchange)$/.test(touch.by) && sameWord(touch, store));
}

function lostUpdate(load: WordTouch, store: WordTouch, { by, sure }: Company, exchanged: boolean): Finding {
  const name = wordName(store);
  const key = store.fn.key;
  return {
    rule: splitAtomicUpdate.id,
    family: splitAtomicUpdate.family,
    severity: sure ? 'warning' : 'information',
    confidence: sure ? 0.8 : 0.6,
    site: { function: key, point: store.point },
    message: sure
      ? `This stores what a load has given a moment ago, changed: if ${callOfKey(by.fn.key)} on another thread writes ${name} in between, its change is overwritten. Each of Atomics.load and Atomics.store is one step, the two together are not. Use Atomics.add, or Atomics.compareExchange in a loop that begins again when the value has changed.`
      : `This stores what a load has given a moment ago, changed: all workers that run this code do so, and two that load the same ${name} both go on with it. Each of Atomics.load and Atomics.store is one step, the two together are not. Use Atomics.add, which gives what was there before, or Atomics.compareExchange in a loop.`,
    related: [
      { site: { function: key, point: load.point }, message: `${name} is loaded here` },
      { site: { function: key, point: store.point }, message: 'and stored here, changed' },
      {
        site: { function: by.fn.key, point: by.point },
        message: sure ? `${callOfKey(by.fn.key)} writes it on its own thread` : 'That others write the same memory at the same time is expected here',
      },
    ],
    interleaving: overwritten(
      twoCalls(key, sure ? by.fn.key : key),
      name,
      { reads: siteOf(load), writes: siteOf(store) },
      sure ? { writes: siteOf(by) } : undefined,
    ),
    fixes: exchanged ? [] : [{ kind: 'update-atomically', site: { function: key, point: store.point } }],
  };
}

function siteOf({ fn, point }: WordTouch): Site {
  return { function: fn.key, point };
}

/** What is asked for in one step and taken in the next: two threads can both find it free. */
function takenTwice(what: 'lock' | 'permit', { load, release }: Taking, store: WordTouch): Finding {
  const name = wordName(store);
  const key = store.fn.key;
  return {
    rule: splitAtomicUpdate.id,
    family: splitAtomicUpdate.family,
    severity: 'warning',
    confidence: what === 'lock' ? 0.8 : 0.75,
    site: { function: key, point: store.point },
    message:
      what === 'lock'
        ? `This takes a lock that it has seen free a moment ago: two threads can both load ${name} while it is free, and both store that they hold it. Each of Atomics.load and Atomics.store is one step, the two together are not. Ask and take in one step: Atomics.compareExchange(…) !== FREE is the condition to wait on.`
        : `This takes a permit that it has seen a moment ago: two threads can both load ${name} while one is left, and both take it, so that the count goes below zero. Ask and take in one step: Atomics.compareExchange in a loop that begins again when the value has changed.`,
    related: [
      { site: { function: key, point: load.point }, message: `${name} is asked for here` },
      { site: { function: key, point: store.point }, message: 'and taken here' },
      { site: { function: release.fn.key, point: release.point }, message: `${callOfKey(release.fn.key)} gives it back` },
    ],
    interleaving: {
      sides: twoCalls(key),
      steps: [
        first(siteOf(load), `loads ${name}: the ${what} is free`),
        second(siteOf(load), `loads ${name}: it is still free`),
        first(siteOf(store), `stores that it has the ${what}, and goes on`),
        second(siteOf(store), 'stores the same, and goes on as well'),
      ],
      harm: 'wrong',
      outcome: what === 'lock' ? 'Both are inside what the lock should guard.' : 'One more has a permit than there are permits.',
    },
    fixes:
      what === 'lock'
        ? [{ kind: 'update-atomically', site: { function: key, point: store.point }, release: { function: release.fn.key, point: release.point } }]
        : [],
  };
}
