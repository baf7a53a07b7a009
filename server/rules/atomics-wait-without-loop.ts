// A thread waits on shared memory once and goes on as if what it waited for had come, though a wake-up may be an old one.
import type { Facts } from '../summary/facts';
import { modelOf } from '../summary/resolved';
import { enclosing, loopAround } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { sameWord, touchesSharedMemory, type WordTouch, wordName, wordTouches } from './shared/atomic-words';
import { first, oneRun } from './shared/interleavings';

export const atomicsWaitWithoutLoop: Rule = {
  id: 'atomics-wait-without-loop',
  family: 'shared-memory',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: touchesSharedMemory,
  fixes: [],
  *check(file, facts) {
    const touches = wordTouches(file, facts);
    for (const wait of touches) if (wait.by === 'wait' && isTakenForGranted(wait, touches, facts)) yield findingOf(wait);
  },
};

function isTakenForGranted(wait: WordTouch, touches: readonly WordTouch[], facts: Facts): boolean {
  const { fn, point } = wait;
  const model = modelOf(fn);
  const operation = model.operations[point];
  // With a limit, or where somebody looks at how it ended, it is a pause.
  if (operation.kind !== 'call' || operation.outcome !== 'dropped' || operation.arguments.length > 3) return false;
  // Memory that this run has made has no old wake-ups; what is handed in is the caller's to look at again.
  if (wait.view.startsWith(`${fn.key} `) || loopAround(model, point)) return false;
  const isAskedAgain = touches.some(
    (touch) => touch.fn === fn && touch.point > point && /^(?:load|get|compareExchange|exchange)$/.test(touch.by) && sameWord(touch, wait) && isTested(touch),
  );
  return !isAskedAgain && !isCalledInLoop(wait, facts);
}

/** Whether what a touch gives decides something. */
function isTested({ fn, point }: WordTouch): boolean {
  const around = enclosing(modelOf(fn));
  if (around.get(point)?.some((outer) => outer.kind === 'loop')) return true;
  return [...around.values()].some((outers) => outers.some((outer) => outer.kind === 'branch' && outer.step.test.includes(point)));
}

function isCalledInLoop({ fn }: WordTouch, facts: Facts): boolean {
  return [...(facts.program.callers.get(fn.key) ?? [])].some(([caller, sites]) => {
    const model = facts.program.functions.get(caller);
    return model !== undefined && sites.some((site) => loopAround(modelOf(model), site.point) !== undefined);
  });
}

function findingOf(wait: WordTouch): Finding {
  const name = wordName(wait);
  const site = { function: wait.fn.key, point: wait.point };
  return {
    rule: atomicsWaitWithoutLoop.id,
    family: atomicsWaitWithoutLoop.family,
    severity: 'warning',
    confidence: 0.7,
    site,
    message: `This waits once and takes it that what it waited for has come: Atomics.wait also returns on a notify that was meant for an earlier wait on ${wait.index === undefined ? 'the same word' : name}, sent after its store, and what follows then works with what is not there yet. Wait in a loop: while (Atomics.load(…) is still the old value) Atomics.wait(…).`,
    related: [{ site, message: 'Waits here, and does not look again' }],
    fixes: [],
    interleaving: {
      sides: [oneRun(undefined, wait.fn.key)],
      steps: [
        first(site, `waits on ${wait.index === undefined ? 'a word of shared memory' : name} for the next change`),
        first(site, 'is woken by the notify of an earlier one, which comes only now'),
        first(site, 'goes on without looking again'),
      ],
      harm: 'wrong',
      outcome: 'It works with what is not there yet.',
    },
  };
}
