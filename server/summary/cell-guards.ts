// Cell guards: what annotations state of shared places, kept beside the facts, and which subjects a change in them concerns.
import { cellOf } from './cells';
import { type CellKey, type FunctionKey, type LockKey, prefixesOf } from './keys';
import type { Site } from './locate';
import type { LockIndex } from './lock-index';
import type { ModuleInterface } from './module-interface';
import { namedLock, soundsRequired } from './named-lock';
import { annotationPoint, NAME } from './points';
import type { Program } from './program';

/** What an annotation states of a place. */
export interface CellGuard {
  readonly cell: CellKey;
  readonly lock: LockKey;
  /** Of the lock's name in the comment. */
  readonly site: Site;
}

/** An annotation that names a lock which is not there. */
export interface StrayAnnotation {
  readonly kind: 'guarded' | 'requires';
  readonly site: Site;
  /** The name as it is written. */
  readonly lock: string;
  /** The index of the class whose field or method is annotated. */
  readonly owner?: number;
}

export class CellGuards {
  private guards: ReadonlyMap<CellKey, CellGuard> = new Map();
  private strays: ReadonlyMap<string, readonly StrayAnnotation[]> = new Map();

  /** Reads the annotations of the program as it is now; gives the places and the files of which something else is stated. */
  update(program: Program, locks: LockIndex): { readonly cells: ReadonlySet<CellKey>; readonly files: ReadonlySet<string> } {
    const guards = new Map<CellKey, CellGuard>();
    const strays = new Map<string, StrayAnnotation[]>();
    for (const module of program.modules.values()) {
      if (!module.module.guards && module.requiring.length === 0) continue;
      const found = readModule(program, locks, module);
      // Of two statements about one place the first counts.
      for (const guard of found.guards) if (!guards.has(guard.cell)) guards.set(guard.cell, guard);
      if (found.strays.length > 0) strays.set(module.file, found.strays);
    }
    const change = { cells: differing(this.guards, guards), files: differing(this.strays, strays) };
    this.guards = guards;
    this.strays = strays;
    return change;
  }

  /** What is stated of a cell, or of a place that it is a part of. */
  of(cell: CellKey): CellGuard | undefined {
    if (this.guards.size === 0) return undefined;
    const around = [cell, ...prefixesOf(cell)].find((each) => this.guards.has(each));
    return around === undefined ? undefined : this.guards.get(around);
  }

  /** The annotations in a file whose locks are not there. */
  straysIn(file: string): readonly StrayAnnotation[] {
    return this.strays.get(file) ?? [];
  }
}

function readModule(program: Program, locks: LockIndex, module: ModuleInterface): { readonly guards: CellGuard[]; readonly strays: StrayAnnotation[] } {
  const { resolver } = program;
  const guards: CellGuard[] = [];
  const strays: StrayAnnotation[] = [];
  const body: FunctionKey = module.functionKeys[0];
  for (const [number, { place, lock: written }] of (module.module.guards ?? []).entries()) {
    const owner = 'class' in place.root ? place.root.class : undefined;
    const { key, isLock, isThere } = namedLock(resolver, module, owner, written);
    const site = { function: body, point: annotationPoint(number) };
    const isTaken = key !== undefined && locks.functionsOf(key).length > 0;
    const cell = cellOf(resolver, module, 0, place);
    if (!isThere && !isTaken) strays.push({ kind: 'guarded', site, lock: written, owner });
    else if (key !== undefined && cell && (isLock || isTaken)) guards.push({ cell: cell.key, lock: key, site });
  }
  for (const index of module.requiring) {
    const { requires, class: owner } = module.module.functions[index];
    for (const written of requires ?? []) {
      const { key, isThere } = namedLock(resolver, module, owner, written);
      if (isThere || !soundsRequired(written) || (key !== undefined && locks.functionsOf(key).length > 0)) continue;
      strays.push({ kind: 'requires', site: { function: module.functionKeys[index], point: NAME }, lock: written, owner });
    }
  }
  return { guards, strays };
}

/** The keys under which two maps hold different things. */
function differing<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): Set<string> {
  const keys = [...before.keys(), ...after.keys()];
  return new Set(keys.filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key))));
}
