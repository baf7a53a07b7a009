// Another thread is told that something is ready, by an atomic store or a notify, before it has been written.

import { methodOf } from '../model/calls';
import { ELEMENT } from '../model/place';
import type { Value } from '../model/value';
import { receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import {
  isTypedArray,
  isWrite,
  makesMemory,
  mayFollow,
  numberOf,
  sameWord,
  touchesSharedMemory,
  type WordTouch,
  wordName,
  wordTouches,
} from './shared/atomic-words';
import { first, oneRun, second, twoCalls } from './shared/interleavings';

export const publishedBeforeWritten: Rule = {
  id: 'published-before-written',
  family: 'shared-memory',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: touchesSharedMemory,
  fixes: [],
  *check(file, facts) {
    const touches = wordTouches(file, facts);
    for (const touch of touches) {
      if (touch.by === 'notify') {
        const late = storedLate(touch, touches);
        if (late) yield notifiedEarly(touch, late, readerOf(late, touches));
      } else if (/^(?:store|add|exchange)$/.test(touch.by) && touch.index !== undefined && !makesMemory(touch.fn)) {
        const late = writtenLate(touch, touches, facts);
        if (late !== undefined) yield publishedEarly(touch, late, readerOf(touch, touches));
        const sent = touch.by === 'store' ? sentBefore(touch, touches) : undefined;
        if (sent !== undefined) yield resetLate(touch, sent);
      }
    }
  },
};

/** Somebody else who looks at the word, and does not write it. */
function readerOf(word: WordTouch, touches: readonly WordTouch[]): WordTouch | undefined {
  const same = touches.filter((touch) => touch.fn !== word.fn && sameWord(touch, word));
  const writers = new Set(same.filter((touch) => isWrite(touch)).map((touch) => touch.fn));
  return same.find((touch) => /^(?:load|wait|waitAsync|get)$/.test(touch.by) && !writers.has(touch.fn));
}

/** The store that comes only after the wake-up for it. */
function storedLate(notify: WordTouch, touches: readonly WordTouch[]): WordTouch | undefined {
  const own = touches.filter((touch) => touch.fn === notify.fn && touch.view === notify.view && sameWord(touch, notify));
  const isStore = (touch: WordTouch) => /^(?:store|add|sub|or|and|exchange|compareExchange|set|update)$/.test(touch.by);
  if (own.some((touch) => isStore(touch) && touch.point < notify.point)) return undefined;
  const late = own.find((touch) => isStore(touch) && mayFollow(notify.fn, notify.point, touch.point));
  return late && !own.some((touch) => touch.by === 'notify' && touch.point > late.point) ? late : undefined;
}

/** The first write of the content that comes after the store which says that it is there. */
function writtenLate(store: WordTouch, touches: readonly WordTouch[], facts: Facts): number | undefined {
  const { fn } = store;
  const own = touches.filter((touch) => touch.fn === fn && sameWord(touch, store));
  const loads = own.filter((touch) => touch.by === 'load' && (store.value?.depends.includes(touch.point) ?? false)).map((touch) => touch.point);
  const woken = own.find((touch) => touch.by === 'notify' && touch.point > store.point);
  const late = modelOf(fn).operations.findIndex((operation, point) => {
    if (point <= store.point || !mayFollow(fn, store.point, point)) return false;
    const content = contentAt(fn, point);
    if (!content || !isTypedArray(fn, content.array, facts)) return false;
    // The place in the array follows from the word that has been moved on, or the other side has been woken already.
    return loads.some((load) => content.depends.includes(load)) || (woken !== undefined && woken.point < point && operation.kind !== 'read');
  });
  if (late < 0 || own.some((touch) => touch.point > late && /^(?:store|add|exchange|compareExchange)$/.test(touch.by))) return undefined;
  return late;
}

/** The array that an operation writes into, and what flows into the place in it. */
function contentAt(fn: WordTouch['fn'], point: number): { readonly array: Value; readonly depends: readonly number[] } | undefined {
  const operation = modelOf(fn).operations[point];
  if (operation.kind === 'write' && operation.place.path.at(-1) === ELEMENT) {
    const { root, path } = operation.place;
    return { array: { kind: 'place', place: { root, path: path.slice(0, -1) } }, depends: operation.key?.depends ?? [] };
  }
  if (operation.kind !== 'call' || !/^(?:set|fill|copyWithin)$/.test(methodOf(operation))) return undefined;
  const array = receiverOf(operation.callee);
  return array && { array, depends: operation.arguments.slice(1).flatMap((argument) => argument.depends) };
}

/** `port.postMessage(request); store(FLAG, PENDING); wait(FLAG, PENDING)`: where the request went out that the reset flag is to be waited on for. */
function sentBefore(reset: WordTouch, touches: readonly WordTouch[]): number | undefined {
  const { fn, value } = reset;
  const own = touches.filter((touch) => touch.fn === fn && sameWord(touch, reset));
  const wait = own.find((touch) => touch.point > reset.point && /^wait(?:Async)?$/.test(touch.by) && isSameValue(touch, reset));
  const isStore = (touch: WordTouch) => /^(?:store|exchange|compareExchange|set)$/.test(touch.by) && touch !== reset;
  // Set before as well, or in a loop, it may be another round's.
  if (
    !wait ||
    !value ||
    own.some(isStore) ||
    enclosing(modelOf(fn))
      .get(reset.point)
      ?.some((outer) => outer.kind === 'loop')
  )
    return undefined;
  const sent = modelOf(fn).operations.findIndex(
    (operation, point) => point < reset.point && mayFollow(fn, point, reset.point) && operation.kind === 'call' && methodOf(operation) === 'postMessage',
  );
  return sent < 0 ? undefined : sent;
}

function isSameValue(a: WordTouch, b: WordTouch): boolean {
  const number = numberOf(a.fn, a.value?.value);
  return number !== undefined && number === numberOf(b.fn, b.value?.value);
}

/** Content is written only after the store which says that it is there. */
function publishedEarly(store: WordTouch, late: number, reader: WordTouch | undefined): Finding {
  const name = wordName(store);
  return findingAt(store, {
    confidence: 0.8,
    message: `This tells other threads that the content is there before it is written: a thread that loads ${name} in between reads what stood there before, or half of the new. Plain writes are in order only when they come before the atomic store that the other side loads. Write the content first, then store ${name}.`,
    steps: [
      [store.point, `${name} is stored here`],
      [late, 'and the content written only here'],
    ],
    does: [`stores ${name}: the content is there, it says`, 'writes the content'],
    reader,
    reads: `sees ${name}, and reads what stood there before`,
    harm: 'wrong',
    outcome: 'The reader has worked with old content, or with half of the new.',
  });
}

/** Waiters are woken before the store that they wait for. */
function notifiedEarly(notify: WordTouch, late: WordTouch, reader: WordTouch | undefined): Finding {
  const name = wordName(late);
  return findingAt(notify, {
    confidence: 0.85,
    message: `This wakes whoever waits before the value is stored that they wait for: a thread that wakes in between finds ${name} as it was and waits again, and nobody wakes it a second time. Store first, then call Atomics.notify.`,
    steps: [
      [notify.point, 'Waiting threads are woken here'],
      [late.point, `and ${name} is stored only here`],
    ],
    does: ['wakes whoever waits', `stores ${name}`],
    reader,
    reads: `wakes up, finds ${name} as it was, and waits again`,
    harm: 'stuck',
    outcome: 'Nobody wakes it a second time.',
  });
}

/** A flag is reset after the request has gone out whose answer sets it. */
function resetLate(reset: WordTouch, sent: number): Finding {
  const name = wordName(reset);
  return findingAt(reset, {
    confidence: 0.85,
    message: `This resets the flag when the request has gone out already: a quick answer that has set ${name} by then is wiped out, its notify has found nobody, and the wait below never ends. Reset ${name} first, then send the request.`,
    steps: [
      [sent, 'The other side may begin, and answer, from here on'],
      [reset.point, `${name} is set back only here, and then waited for`],
    ],
    does: [`sends the request, which is answered at once: ${name} is set`, `sets ${name} back, and wipes that out`],
    harm: 'stuck',
    outcome: 'It waits for an answer that has been, for ever.',
  });
}

interface Told {
  readonly confidence: number;
  readonly message: string;
  /** What the function does in the wrong order, where. */
  readonly steps: readonly (readonly [point: number, message: string])[];
  /** The same two steps of a schedule, and what another thread does between them, if one is known. */
  readonly does: readonly [string, string];
  readonly reader?: WordTouch;
  readonly reads?: string;
  readonly harm: Interleaving['harm'];
  readonly outcome: string;
}

function findingAt({ fn, point }: WordTouch, { confidence, message, steps, does, reader, reads, harm, outcome }: Told): Finding {
  return {
    rule: publishedBeforeWritten.id,
    family: publishedBeforeWritten.family,
    severity: 'warning',
    confidence,
    site: { function: fn.key, point },
    message,
    related: steps.map(([at, step]) => ({ site: { function: fn.key, point: at }, message: step })),
    fixes: [],
    interleaving: {
      sides: reader ? twoCalls(fn.key, reader.fn.key) : [oneRun(undefined, fn.key)],
      steps: [
        first({ function: fn.key, point: steps[0][0] }, does[0]),
        ...(reader && reads ? [second({ function: reader.fn.key, point: reader.point }, reads)] : []),
        first({ function: fn.key, point: steps[1][0] }, does[1]),
      ],
      harm,
      outcome,
    },
  };
}
