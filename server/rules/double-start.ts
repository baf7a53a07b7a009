// A function looks whether a thread runs already, with no lock, and starts one: two callers both find none and both start one.
import { rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { type CellKey, callOfKey, isClaim, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { SpawnSite } from '../summary/summary';
import type { Rule } from './rule';
import { isMetByOthers } from './shared/conditions';
import { first, second, twoRuns } from './shared/interleavings';
import { isUnguarded, meetingOf, sharedAccesses, weigh } from './shared/shared-access';
import { startsOf, traceOf, whoMeets } from './shared/shared-access-traces';

export const doubleStart: Rule = {
  id: 'double-start',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isMetByOthers,
  fixes: [],
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    for (const check of accesses) {
      if (check.write || !isUnguarded(check, facts)) continue;
      const start = startAfter(check, facts);
      if (!start || !tellsOfStart(cell, check, start, facts)) continue;
      const meeting = meetingOf(check, check, facts);
      if (!meeting || meeting.by === 'locking' || meeting.by === 'guess') continue;
      const place = nameOfKey(cell);
      const what = start.as === 'process' ? 'process' : 'thread';
      const runs = start.function === undefined ? '' : `, which runs ${callOfKey(start.function)}`;
      yield {
        rule: doubleStart.id,
        family: doubleStart.family,
        ...weigh(meeting, check),
        site: { function: check.function, point: start.point },
        message: `Double start: ${callOfKey(check.function)} looks at ${place} with no lock and then starts a ${what}${runs}. ${whoMeets(meeting)} run this, so two can pass the check before either has started one, and then two ${what === 'process' ? 'processes' : 'threads'} do the same work. Hold one lock from the check until the start is noted.`,
        related: [
          ...traceOf(check, place, `thread A: finds that no ${what} runs`, facts),
          { site: { function: check.function, point: start.point }, message: `thread A: starts one; thread B, which has made the same check, starts another` },
          ...startsOf(meeting.roots, facts),
        ],
        fixes: [],
        interleaving: {
          sides: twoRuns(meeting.roots, check, check),
          steps: [
            first(check, `finds by ${place} that no ${what} runs`),
            second(check, `finds the same: nothing has been started yet`),
            second({ function: check.function, point: start.point }, `starts a ${what}`),
            first({ function: check.function, point: start.point }, `starts another ${what}`),
          ],
          harm: 'wrong',
          outcome: `Two ${what === 'process' ? 'processes' : 'threads'} do the same work, and only the last one is known.`,
        },
      };
      return;
    }
  },
};

/** The first thread or process that a function starts because of what it read, with no lock held meanwhile. */
function startAfter(check: CellAccess, facts: Facts): SpawnSite | undefined {
  return facts
    .summaryOf(check.function)
    ?.spawns.find(
      (spawn) => ['thread', 'timer', 'process'].includes(spawn.as) && spawn.restsOn.includes(check.point) && spawn.held.every(({ lock }) => isClaim(lock)),
    );
}

/**
 * Whether the place says that something was started: the function sets it after the check, or what it starts does so first
 * of all. A flag that forbids starting is set by somebody else, or at the end. What is made where nothing was found, and
 * put there, is another rule's matter.
 */
function tellsOfStart(cell: CellKey, check: CellAccess, start: SpawnSite, facts: Facts): boolean {
  const writes = facts.accessesOf(cell).filter((access) => access.write && !access.owned);
  const own = writes.filter((write) => write.function === check.function && write.point > check.point);
  if (own.some((write) => write.checked && !write.constant)) return false;
  const sets = facts
    .usesOf(cell)
    .some(({ api, function: key, point }) => api === 'threading.Event.set' && (key === check.function ? point > check.point : isFirst(key, point)));
  return (
    sets ||
    own.some((write) => raises(write)) ||
    writes.some((write) => write.function !== check.function && isFirst(write.function, write.point) && raises(write))
  );

  function raises(write: CellAccess): boolean {
    const operation = modelOf(facts.program.functions.get(write.function)!).operations[write.point];
    return !write.cell.element && operation.kind === 'write' && !(operation.value.kind === 'constant' && !operation.value.value);
  }

  function isFirst(key: string, point: number): boolean {
    const fn = facts.program.functions.get(key);
    if (!fn || start.function === undefined) return false;
    if (!facts.contextOf(key).roots.some((root) => rootParts(root).function === start.function) && !key.startsWith(`${start.function}.`)) return false;
    return (enclosing(modelOf(fn)).get(point) ?? []).every((around) => around.kind === 'with' || (around.kind === 'try' && around.part === 'body'));
  }
}
