// A shared collection is read, the function waits, and empties it: what others have added meanwhile goes with it.
import { methodOf } from '../model/calls';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { asyncFunctions, type FlowStep, flowIn } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { canMeet, type Reason } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { type LoweredMark, loweredMark } from './shared/lowered-marks';

export const additionsLostInFlush: Rule = {
  id: 'additions-lost-in-flush',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      // Who closes everything has no use for what comes in.
      if (CLOSES.test(modelOf(fn).name)) continue;
      const mark = fn.module.language === 'typescript' ? loweredMark(fn, facts) : undefined;
      if (mark) yield markFinding(fn, mark);
      const { steps } = flowIn(fn, facts);
      const told = new Set<string>();
      for (const clear of steps) {
        if (!empties(fn, clear) || told.has(clear.cell.key)) continue;
        const taken = takenBefore(clear, steps);
        const added = taken && additionTo(fn, clear, facts);
        if (!taken || !added) continue;
        told.add(clear.cell.key);
        const place = nameOfKey(clear.cell.key);
        yield {
          rule: additionsLostInFlush.id,
          family: additionsLostInFlush.family,
          severity: added.reason.known ? 'warning' : 'information',
          confidence: added.reason.known ? 0.85 : 0.6,
          site: clear.site,
          message: `What is added to ${place} during the await is thrown away: ${callOfKey(fn.key)} reads ${place}, waits, and empties it, and what ${callOfKey(added.access.function)} has put there meanwhile goes unread. ${added.reason.text} Take the contents out before the await, with an empty one put in their place, or remove just those that were read.`,
          related: [
            { site: taken.site, message: `${callOfKey(fn.key)}: reads what is in ${place}` },
            { site: clear.awaited!, message: `${callOfKey(fn.key)}: waits here` },
            {
              site: { function: added.access.function, point: added.access.point },
              message: `Meanwhile: ${callOfKey(added.access.function)} adds to ${place}`,
            },
            { site: clear.site, message: `${callOfKey(fn.key)}: empties ${place}, with what was added` },
          ],
          interleaving: {
            sides: twoCalls(fn.key, added.access.function),
            steps: [
              first(taken.site, `reads what is in ${place}`),
              givesWay(clear.awaited!),
              second(added.access, `adds to ${place}`),
              first(clear.site, `empties ${place}, with what was added`),
            ],
            harm: 'lost',
            outcome: `What ${callOfKey(added.access.function)} has added is gone, and nobody has read it.`,
          },
          fixes: [],
        };
      }
    }
  },
};

/** The mark says that there is something to save; the next save goes by it. */
function markFinding(fn: ResolvedFunction, { lowered, saved, raised, reason }: LoweredMark): Finding {
  const place = nameOfKey(lowered.cell.key);
  return {
    rule: additionsLostInFlush.id,
    family: additionsLostInFlush.family,
    severity: reason.known ? 'warning' : 'information',
    confidence: reason.known ? 0.8 : 0.6,
    site: lowered.site,
    message: `What is changed during the save is taken for saved: ${callOfKey(fn.key)} waits for the save and then sets ${place} to false, though ${callOfKey(raised.function)} may have set it again meanwhile, for a change that was not in what was sent. ${reason.text} Set ${place} to false before the await, and back to true if the save fails, or compare a number of the version that was saved.`,
    related: [
      { site: saved, message: `${callOfKey(fn.key)}: saves what there is now, and waits` },
      { site: { function: raised.function, point: raised.point }, message: `Meanwhile: ${callOfKey(raised.function)} changes something and sets ${place}` },
      { site: lowered.site, message: `${callOfKey(fn.key)}: sets ${place} to false, and the change is not saved again` },
    ],
    interleaving: {
      sides: twoCalls(fn.key, raised.function),
      steps: [
        first(saved, 'saves what there is now, and waits: others run meanwhile'),
        second(raised, `changes something and sets ${place}`),
        first(lowered.site, `sets ${place} to false, as if that were saved`),
      ],
      harm: 'lost',
      outcome: `The change that ${callOfKey(raised.function)} has made during the save counts as saved, and is not.`,
    },
    fixes: [],
  };
}

const CLOSES = /close|stop|shut_?down|disconnect|terminate|destroy|exit|reset|teardown|clean_?up/i;

/** `self.items.clear()`, or an empty collection put in the place of the old one. */
function empties(fn: ResolvedFunction, step: FlowStep): boolean {
  if (step.site.function !== fn.key || step.epoch === 0 || step.cleanup) return false;
  if (step.kind === 'use') return step.method === 'clear' && step.from.some((read) => read.cell.key === step.cell.key);
  if (step.kind !== 'write' || step.cell.element || step.write?.mode !== 'assign') return false;
  const { value } = step.write;
  if (value.kind === 'collection') return value.items.length === 0;
  const made = value.kind === 'place' && value.place.root.kind === 'result' ? modelOf(fn).operations[value.place.root.operation] : undefined;
  const name =
    made?.kind === 'call' && made.arguments.length === 0 && made.callee.kind === 'place' && made.callee.place.path.length === 0
      ? made.callee.place.root
      : undefined;
  return name?.kind === 'global' && /^(?:list|dict|set|Map|Set|Array)$/.test(name.name);
}

/** The last look at the contents, from before the await; none where they are looked at again since. */
function takenBefore(clear: FlowStep, steps: readonly FlowStep[]): FlowStep | undefined {
  const before = steps.slice(0, steps.indexOf(clear)).filter((step) => step.cell.key === clear.cell.key);
  const reads = before.filter((step) => step.kind === 'read' && !clear.from.includes(step) && step.site.function === clear.site.function);
  const last = reads.at(-1);
  // Emptied once before the await, or looked at again after it.
  if (!last || last.epoch >= clear.epoch || before.some((step) => step.kind === 'write' && !step.cell.element)) return undefined;
  return last;
}

/** Somebody who adds meanwhile, with no lock in common. */
function additionTo(fn: ResolvedFunction, clear: FlowStep, facts: Facts): { access: CellAccess; reason: Reason } | undefined {
  const found = facts.accessesOf(clear.cell.key).flatMap((access) => {
    const other = facts.program.functions.get(access.function);
    if (!other || !access.write || !access.cell.element || access.owned || other.key === fn.key || fileOfKey(other.key) !== fileOfKey(fn.key)) return [];
    if (modelOf(other).kind === 'constructor' || modelOf(other).kind === 'module' || !adds(other, access.point)) return [];
    if ([...facts.guardsOf(access)].some((lock) => clear.held.has(lock))) return [];
    const reason = canMeet(fn, other, facts, true);
    return reason ? [{ access, reason }] : [];
  });
  return found.find(({ reason }) => reason.known) ?? found[0];
}

function adds(fn: ResolvedFunction, point: number): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind === 'write') return operation.mode !== 'delete';
  return operation?.kind === 'call' && /^(?:append|appendleft|add|insert|extend|update|setdefault|push|unshift|set)$/.test(methodOf(operation));
}
