// The shared places of a report: who touches them, which lock guards them, and which accesses break that.
import type { CellAccess } from '../summary/facts';
import { isClaim, nameOfKey } from '../summary/keys';
import { guardedShare } from './known-place';
import { byPlace, named, namedRoot, placeIn, type ReportInput } from './report-input';
import { sharedPlace } from './shared-place';
import type { ReportAccess, ReportSharedPlace } from './workspace-report';

/** How many accesses of one place are listed, those that break its guard first; all are counted. */
const MOST_ACCESSES = 50;

/** All shared places, without what is found about them. Sorted by id. */
export function reportPlaces(input: ReportInput): ReportSharedPlace[] {
  const { facts } = input;
  return facts.cellKeys().flatMap((cell): ReportSharedPlace[] => {
    const place = sharedPlace(cell, facts);
    if (!place) return [];
    const { all, kept } = guardedShare(place, facts);
    const roots = new Map(place.roots.map(namedRoot).map((root) => [root.id, root]));
    return [
      {
        ...named(cell),
        ...(place.guard === undefined ? {} : { guard: named(place.guard) }),
        ...(place.isStated ? { isStated: true } : {}),
        roots: [...roots.values()],
        counts: { accesses: all.length, writes: all.filter((access) => access.write).length, guarded: kept.length },
        accesses: listed(all, kept, place.guard !== undefined)
          .map((access) => accessOf(input, access, place.guard !== undefined && !kept.includes(access)))
          .sort(byPlace),
        rules: [],
      },
    ];
  });
}

function listed(all: readonly CellAccess[], kept: readonly CellAccess[], hasGuard: boolean): readonly CellAccess[] {
  if (all.length <= MOST_ACCESSES || !hasGuard) return all.slice(0, MOST_ACCESSES);
  const keeping = new Set(kept);
  return [...all.filter((access) => !keeping.has(access)), ...kept].slice(0, MOST_ACCESSES);
}

function accessOf(input: ReportInput, access: CellAccess, breaks: boolean): ReportAccess {
  const locks = [...input.facts.guardsOf(access)].filter((lock) => !isClaim(lock)).map(nameOfKey);
  return { ...placeIn(input, access.function, access.point), write: access.write, locks, ...(breaks ? { breaks: true } : {}) };
}
