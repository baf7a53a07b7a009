// An object that its library does not make for several threads is used by several threads with no lock.
import type { CellAccess, Facts, FunctionUse } from '../summary/facts';
import { type CellKey, callOfKey, fileOfKey, isClaim, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { first, second, twoRuns } from './shared/interleavings';
import { isUnguarded, type Meeting, meetingOf, sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whyTheyMeet } from './shared/shared-access-traces';

export const objectNotThreadSafe: Rule = {
  id: 'object-not-thread-safe',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  fixes: [],
  *check(cell, facts) {
    const uses = facts.usesOf(cell).filter((use) => isExchange(use, facts));
    if (uses.length === 0) return;
    const accesses = sharedAccesses(cell, facts);
    const steps = uses.flatMap((use) => stepOf(use, accesses, facts) ?? []);
    const found = meetingSteps(steps, facts);
    if (!found) return;
    const { step, other, meeting } = found;
    const [place, type] = [nameOfKey(cell), classOf(step.use)];
    yield {
      rule: objectNotThreadSafe.id,
      family: objectNotThreadSafe.family,
      ...weigh(meeting, step.access),
      site: { function: step.access.function, point: step.use.point },
      message: `${place} is a ${type}, which is not made for several threads, and they use it with no lock: ${callOfKey(step.access.function)} and ${step === other ? 'another run of it' : callOfKey(other.access.function)} can be in it at the same time, so that it raises, or one gets the other's answer. ${whyTheyMeet(meeting)} Give each thread one of its own (threading.local), make one for each use, or hold one lock around each exchange.`,
      related: [
        ...traceOf(step.access, place, `thread A: calls ${nameOf(step.use)}()`, facts),
        ...startsOf(meeting.roots, facts),
        ...traceOf(other.access, place, `thread B: calls ${nameOf(other.use)}() meanwhile`, facts),
      ],
      fixes: [],
      interleaving: {
        sides: twoRuns(meeting.roots, step.access, other.access),
        steps: [
          first({ function: step.access.function, point: step.use.point }, `calls ${nameOf(step.use)}() of ${place}, and waits for the other end`),
          second({ function: other.access.function, point: other.use.point }, `calls ${nameOf(other.use)}() of the same object before that has ended`),
        ],
        harm: 'fails',
        outcome: "One of the two raises, or gets the other's answer.",
      },
    };
  },
};

interface Step {
  readonly use: FunctionUse;
  readonly access: CellAccess;
}

/** Whether a method waits for the disk or for others, on an object of a class that its library calls not safe for threads. */
function isExchange(use: FunctionUse, facts: Facts): boolean {
  const { resolver } = facts.program;
  const language = facts.languageOf(fileOfKey(use.function));
  if (language !== 'python' || resolver.api(language, classOf(use))?.semantics.threadSafe !== false) return false;
  return resolver.api(language, use.api)?.effects?.some((effect) => effect.kind === 'block' && (effect.on === 'io' || effect.on === 'file')) ?? false;
}

/** The access that fetches the object for the call. */
function stepOf(use: FunctionUse, accesses: readonly CellAccess[], facts: Facts): Step | undefined {
  const operation = modelOf(facts.program.functions.get(use.function)!).operations[use.point];
  const access = accesses.find((each) => !each.write && each.function === use.function && operation?.depends.includes(each.point));
  return access && { use, access };
}

function meetingSteps(steps: readonly Step[], facts: Facts): { step: Step; other: Step; meeting: Meeting } | undefined {
  for (const step of steps) {
    if (!isUnguarded(step.access, facts) || step.use.held.some(({ lock }) => !isClaim(lock))) continue;
    for (const other of steps) {
      const meeting = meetingOf(step.access, other.access, facts);
      if (meeting && meeting.by !== 'locking' && meeting.by !== 'guess') return { step, other, meeting };
    }
  }
  return undefined;
}

function classOf({ api }: FunctionUse): CellKey {
  return api.slice(0, api.lastIndexOf('.'));
}

function nameOf({ api }: FunctionUse): string {
  return api.slice(api.lastIndexOf('.') + 1);
}
