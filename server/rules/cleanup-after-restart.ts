// What a run clears when it ends may be what a newer run has put there since.
import type { Operation, Try } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing, structuresIn } from '../summary/structure';
import type { Finding, Interleaving, Related } from './finding';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn, isKeptOut } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { inFlightTwice } from './shared/in-flight';
import { first, oneRun, second, twoCalls } from './shared/interleavings';
import { type OutdatedRemoval, outdatedRemoval } from './shared/outdated-removals';

export const cleanupAfterRestart: Rule = {
  id: 'cleanup-after-restart',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      const removal = fn.module.language === 'typescript' && modelOf(fn).kind !== 'module' ? outdatedRemoval(fn, facts) : undefined;
      if (removal) yield removalFinding(fn, removal);
    }
    for (const fn of asyncFunctions(file, facts)) {
      const { steps } = flowIn(fn, facts);
      const told = new Set<string>();
      for (const clear of steps) {
        if (!clears(clear) || clear.site.function !== fn.key || clear.epoch === 0 || told.has(clear.cell.key)) continue;
        // `if self._task is asyncio.current_task()`, or a version that is looked at.
        if (clear.tests.some((test) => test.cell.key === clear.cell.key && test.epoch === clear.epoch)) continue;
        const found = restartOf(fn, clear, facts) ?? (clear.cleanup && fn.module.language === 'python' ? overwritten(fn, clear, steps, facts) : undefined);
        if (!found) continue;
        told.add(clear.cell.key);
        yield found;
      }
    }
  },
};

function clears(step: FlowStep): boolean {
  return (
    step.kind === 'write' && !step.cell.element && step.write?.mode === 'assign' && step.write.value.kind === 'constant' && step.write.value.value === null
  );
}

/** The run is cancelled and a new one stored at once: the old one ends, and clears, only after that. */
function restartOf(fn: ResolvedFunction, clear: FlowStep, facts: Facts): Finding | undefined {
  if (!runsWhenCancelled(fn, clear)) return undefined;
  for (const key of facts.program.spawners.get(fn.key)?.keys() ?? []) {
    const starter = facts.program.functions.get(key);
    if (starter?.module !== fn.module) continue;
    const { steps } = flowIn(starter, facts);
    for (const stored of steps) {
      if (stored.kind !== 'write' || stored.cell.key !== clear.cell.key || !startsRun(starter, stored, fn.key)) continue;
      const cancel = steps.slice(0, steps.indexOf(stored)).find((step) => step.kind === 'use' && step.cell.key === clear.cell.key && step.method === 'cancel');
      if (!cancel || cancel.epoch !== stored.epoch) continue;
      const place = nameOfKey(clear.cell.key);
      return findingOf(
        clear,
        0.85,
        `${place} is cleared by a run that is over when the next has been stored there: ${callOfKey(key)} cancels the task and stores a new one at once, and the cancelled ${callOfKey(fn.key)} comes to this line only after that, so the new task is forgotten. Wait for the cancelled task before starting the next, or clear ${place} only if it still holds this task.`,
        [
          { site: cancel.site, message: `${callOfKey(key)}: cancels the old task, which goes on at its next turn` },
          { site: stored.site, message: `${callOfKey(key)}: stores the new task` },
          { site: clear.site, message: 'The old task, as it ends: clears what holds the new one' },
        ],
        {
          sides: [oneRun(undefined, key), 'old task, as it ends'],
          steps: [
            first(cancel.site, 'cancels the old task, which goes on at its next turn'),
            first(stored.site, `stores the new task in ${place}`),
            second(clear.site, `clears ${place}, which holds the new task`),
          ],
          harm: 'lost',
          outcome: 'The new task is forgotten: nobody can cancel it or wait for it.',
        },
      );
    }
  }
  return undefined;
}

/** In a finally block, in a handler of the cancellation, or after a try that takes it in. */
function runsWhenCancelled(fn: ResolvedFunction, clear: FlowStep): boolean {
  const around = enclosing(modelOf(fn)).get(clear.site.point) ?? [];
  const takesIn = (step: Try) => step.catches?.some((names) => names.some((name) => /^(?:CancelledError|BaseException|\*)$/.test(name))) ?? false;
  if (around.some((each) => each.kind === 'try' && (each.part === 'final' || (each.part === 'handler' && takesIn(each.step))))) return true;
  if (clear.cleanup) return false;
  return structuresIn(modelOf(fn).body).some((step) => step.kind === 'try' && takesIn(step) && !around.some((each) => each.step === step));
}

/** Whether a step stores a task that runs a function. */
function startsRun(starter: ResolvedFunction, { write, site }: FlowStep, run: string): boolean {
  const value = write?.value;
  if (site.function !== starter.key || value?.kind !== 'place' || value.place.root.kind !== 'result') return false;
  return (starter.calls.get(value.place.root.operation)?.spawns ?? []).some((spawn) => spawn.function === run);
}

/** Each run stores something of its own, waits, and clears the place whatever it holds then. */
function overwritten(fn: ResolvedFunction, clear: FlowStep, steps: readonly FlowStep[], facts: Facts): Finding | undefined {
  const stored = steps.find(
    (step) => step.kind === 'write' && step.cell.key === clear.cell.key && step.epoch < clear.epoch && !step.cleanup && isOwn(step, fn),
  );
  if (!stored || stored.site.function !== fn.key || isKeptOut(clear, stored.epoch) || [...stored.held.values()].some((epoch) => clear.epoch > epoch))
    return undefined;
  if ((facts.contextOf(fn.key).entry?.length ?? 0) > 0) return undefined;
  const reader = facts.accessesOf(clear.cell.key).find((access) => !access.write && access.function !== fn.key);
  const reason = reader && inFlightTwice(fn, true, facts);
  if (!reason?.known) return undefined;
  const place = nameOfKey(clear.cell.key);
  const readAt: Site = { function: reader!.function, point: reader!.point };
  return findingOf(
    clear,
    0.75,
    `${place} is cleared though another call may have set it since: each call of ${callOfKey(fn.key)} sets it, waits, and clears it at the end, so the one that ends first takes away what the other has set. ${reason.text} Clear it only if it still holds what this call has put there.`,
    [
      { site: stored.site, message: `First call: sets ${place}; so does a second call while the first waits` },
      { site: clear.site, message: `First call: clears ${place}, which holds what the second has set` },
      { site: readAt, message: `${callOfKey(reader!.function)} reads ${place}, and finds nothing` },
    ],
    {
      sides: twoCalls(fn.key),
      steps: [
        first(stored.site, `sets ${place}`),
        givesWay(clear.awaited!),
        second(stored.site, `sets ${place} to its own`),
        first(clear.site, `clears ${place}, which holds what the other call has set`),
        second(readAt, `reads ${place}, in ${callOfKey(reader!.function)}, and finds nothing`),
      ],
      harm: 'lost',
      outcome: 'The second call is still at work, and what it has set is gone.',
    },
  );
}

/** A map by key: whoever takes an entry out lets a newer run put one in. */
function removalFinding(fn: ResolvedFunction, { cell, put, removed, other, reason }: OutdatedRemoval): Finding {
  const place = nameOfKey(cell.key);
  return {
    rule: cleanupAfterRestart.id,
    family: cleanupAfterRestart.family,
    severity: reason.known ? 'warning' : 'information',
    confidence: reason.known ? 0.8 : 0.6,
    site: removed,
    message: `The entry of a newer run can be taken out here: ${callOfKey(other.function)} takes the entry out of ${place} while ${callOfKey(fn.key)} waits, the next call finds none and puts in its own, and this run takes that one out when it ends. ${reason.text} Take the entry out only if it is still the one that this run has put there.`,
    related: [
      { site: put, message: `First run: puts its entry into ${place}` },
      {
        site: { function: other.function, point: other.point },
        message: `Meanwhile: ${callOfKey(other.function)} takes it out, and a newer run puts in its own`,
      },
      { site: removed, message: 'First run, as it ends: takes out whatever is there' },
    ],
    interleaving: {
      sides: ['older run', 'other calls meanwhile'],
      steps: [
        first(put, `puts its entry into ${place}`),
        second(other, `takes the entry out, in ${callOfKey(other.function)}`),
        second(put, `puts in another one, in a newer run of ${callOfKey(fn.key)}`),
        first(removed, 'takes out, as it ends, whatever is there'),
      ],
      harm: 'lost',
      outcome: 'The newer run goes on, and its entry is gone.',
    },
    fixes: [],
  };
}

/** What is stored is this call's alone: its argument, or something it has made. */
function isOwn({ write }: FlowStep, fn: ResolvedFunction): boolean {
  if (write?.mode !== 'assign' || write.value.kind !== 'place') return false;
  const { root } = write.value.place;
  if (root.kind === 'parameter') return true;
  const made: Operation | undefined = root.kind === 'result' ? modelOf(fn).operations[root.operation] : undefined;
  return made?.kind === 'call' || made?.kind === 'await';
}

function findingOf(clear: FlowStep, confidence: number, message: string, related: readonly Related[], interleaving: Interleaving): Finding {
  return {
    rule: cleanupAfterRestart.id,
    family: cleanupAfterRestart.family,
    severity: confidence < 0.6 ? 'information' : 'warning',
    confidence,
    site: clear.site,
    message,
    related,
    interleaving,
    fixes: [],
  };
}
