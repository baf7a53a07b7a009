// A word of shared memory is read or written without Atomics, though other code touches the same word from another thread.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding, Interleaving } from './finding';
import type { Rule } from './rule';
import { isAtomic, isOnSharedMemory, isWrite, makesMemory, sameWord, touchesSharedMemory, type WordTouch, wordName, wordTouches } from './shared/atomic-words';
import { first, lostUpdate, second, twoCalls } from './shared/interleavings';

export const plainSharedMemoryAccess: Rule = {
  id: 'plain-shared-memory-access',
  family: 'shared-memory',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: touchesSharedMemory,
  fixes: ['use-atomics'],
  *check(file, facts) {
    const touches = wordTouches(file, facts);
    const told = new Set<string>();
    for (const touch of touches) {
      if (isAtomic(touch) || touch.index === undefined || makesMemory(touch.fn) || holdsLock(touch, touches, facts)) continue;
      const other = otherSide(touch, touches, facts);
      const word = `${touch.fn.key} ${touch.index}`;
      if (!other || told.has(word)) continue;
      told.add(word);
      yield findingOf(touch, other);
    }
  },
};

/** The touch of the same word that shows that another thread has to do with it. */
function otherSide(touch: WordTouch, touches: readonly WordTouch[], facts: Facts): WordTouch | undefined {
  const same = touches.filter((other) => other !== touch && sameWord(other, touch) && !makesMemory(other.fn));
  const atomic = same.filter((other) => isAtomic(other) && !/^(?:wait|notify|waitAsync)$/.test(other.by));
  if (touch.by === 'get') {
    // Who is the only one to write a word may read it back as it likes.
    const writer = same.find((other) => isWrite(other) && other.role !== touch.role) ?? same.find((other) => isWrite(other) && other.by === 'set');
    return atomic.length > 0 ? writer : undefined;
  }
  if (atomic.length > 0) return atomic.find((other) => other.role !== touch.role) ?? atomic[0];
  // Nobody uses Atomics: two sides that both know the memory to be shared.
  return same.find((other) => other.role !== touch.role && [touch, other].every((each) => isKnownShared(each, facts)));
}

function isKnownShared(touch: WordTouch, facts: Facts): boolean {
  const operation = modelOf(touch.fn).operations[touch.point];
  if (operation.kind !== 'read' && operation.kind !== 'write') return false;
  const { root, path } = operation.place;
  return isOnSharedMemory(touch.fn, { kind: 'place', place: { root, path: path.slice(0, -1) } }, facts);
}

/** Inside a lock made of atomic operations plain accesses are in order: something before has taken it with compareExchange. */
function holdsLock(touch: WordTouch, touches: readonly WordTouch[], facts: Facts): boolean {
  const takers = new Set(touches.filter((other) => other.by === 'compareExchange').map((other) => other.fn.key));
  const takes = (key: string, depth: number): boolean =>
    takers.has(key) || (depth > 0 && (facts.summaryOf(key)?.calls ?? []).some((call) => takes(call.target, depth - 1)));
  const { fn, point } = touch;
  if ((facts.summaryOf(fn.key)?.calls ?? []).some((call) => call.point < point && takes(call.target, 2))) return true;
  if (touches.some((other) => other.fn === fn && other.by === 'compareExchange' && other.point < point)) return true;
  return [...(facts.program.callers.get(fn.key) ?? [])].some(([caller]) => takes(caller, 2));
}

function scheduleOf(touch: WordTouch, other: WordTouch, name: string): Interleaving {
  const [here, there] = [touch, other].map(({ fn, point }) => ({ function: fn.key, point }));
  const sides = twoCalls(here.function, there.function);
  if (touch.by === 'update') return lostUpdate(sides, name, { reads: here, writes: here }, { writes: there });
  if (touch.by === 'get')
    return {
      sides,
      steps: [second(there, `writes ${name}`), first(here, `reads ${name} without Atomics, and may still see what was there before`)],
      harm: 'wrong',
      outcome: 'It goes on with an old value, in a loop perhaps for ever.',
    };
  return {
    sides,
    steps: [
      first(here, `writes ${name} without Atomics`),
      second(there, isWrite(other) ? `writes ${name}` : `reads ${name}, and may still see what was there before`),
    ],
    harm: 'wrong',
    outcome: isWrite(other) ? 'Nothing says which of the two is there in the end, and for whom.' : 'It goes on with an old value.',
  };
}

function findingOf(touch: WordTouch, other: WordTouch): Finding {
  const name = wordName(touch);
  const there = isAtomic(other) ? `Atomics.${other.by}` : 'a plain access';
  const elsewhere = `${callOfKey(other.fn.key)} touches the same word with ${there} on another thread`;
  return {
    rule: plainSharedMemoryAccess.id,
    family: plainSharedMemoryAccess.family,
    severity: 'warning',
    confidence: 0.75,
    site: { function: touch.fn.key, point: touch.point },
    message:
      touch.by === 'update'
        ? `This changes a word of shared memory in two steps, a read and a write: ${elsewhere}, and a change that comes in between is lost. Use Atomics.add or Atomics.sub on ${name}.`
        : touch.by === 'set'
          ? `This writes a word of shared memory without Atomics: ${elsewhere}, and nothing says when it sees ${name}, or in which order with other writes. Use Atomics.store.`
          : `This reads a word of shared memory without Atomics: ${elsewhere}, and nothing says when the change of ${name} is seen here; in a loop the read may be made once for all rounds. Use Atomics.load.`,
    related: [
      { site: { function: touch.fn.key, point: touch.point }, message: `${name} is touched without Atomics here` },
      { site: { function: other.fn.key, point: other.point }, message: `and with ${there} in ${callOfKey(other.fn.key)}` },
    ],
    interleaving: scheduleOf(touch, other, name),
    // Atomics know no floats; where nobody uses them yet, the memory may hold some.
    fixes: isAtomic(other) ? [{ kind: 'use-atomics', site: { function: touch.fn.key, point: touch.point } }] : [],
  };
}
