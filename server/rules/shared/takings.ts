// Takings: what a function of TypeScript takes and gives back by hand, point by point.
import type { LockAction } from '../../summary/lock-actions';
import type { ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** What a function takes and gives back. */
export interface Takings {
  /** What calls take and give back, by their points. A call that is handed what will give something back counts as giving it back. */
  readonly actions: ReadonlyMap<Point, readonly LockAction[]>;
  /** Where inner functions give back what the function has taken. */
  readonly inner: readonly InnerGive[];
  /** What the function is called with, having been handed to what takes it: `pool.getConnection((error, connection) => …)`. */
  readonly entered: readonly { readonly lock: string; readonly name: string }[];
}

export interface InnerGive {
  readonly lock: string;
  readonly name: string;
  /** Where it was taken; `BEFORE` for what the function is called with. */
  readonly taken: Point;
  readonly fn: ResolvedFunction;
  readonly point: Point;
}

/** What is found out about a function's takings, bit by bit. */
export class FoundTakings {
  private readonly found = new Map<Point, LockAction[]>();
  private readonly inner: InnerGive[] = [];
  private readonly gone = new Set<string>();
  private readonly entered = new Map<string, string>();

  at(point: Point): readonly LockAction[] {
    return this.found.get(point) ?? [];
  }

  has(point: Point): boolean {
    return this.found.has(point);
  }

  get innerGives(): readonly InnerGive[] {
    return this.inner;
  }

  add(point: Point, kind: LockAction['kind'], lock: string, name: string, attempt = false, by: LockAction['by'] = 'name'): void {
    const known = this.found.get(point);
    if (known?.some((action) => action.kind === kind && action.lock === lock)) return;
    const action: LockAction = { kind, lock, name, attempt, by };
    if (known) known.push(action);
    else this.found.set(point, [action]);
  }

  /** Given back at a point of the function, or of the inner function where that is named. */
  give(lock: string, name: string, taken: Point, point: Point, inside: ResolvedFunction | undefined): void {
    if (inside) this.inner.push({ lock, name, taken, fn: inside, point });
    else this.add(point, 'release', lock, name);
  }

  /** The function is called with it. */
  enter(lock: string, name: string): void {
    this.entered.set(lock, name);
  }

  /** Somebody else has it: nobody can say when it is given back. */
  lose(lock: string): void {
    this.gone.add(lock);
  }

  /** All of it but what is only taken, only given back, or lost. */
  paired(): Takings {
    const kinds = new Map<string, Set<LockAction['kind']>>();
    for (const actions of this.found.values())
      for (const { lock, kind } of actions) {
        if (!kinds.has(lock)) kinds.set(lock, new Set());
        kinds.get(lock)!.add(kind);
      }
    const result = new Map<Point, readonly LockAction[]>();
    for (const [point, actions] of this.found) {
      const kept = actions.filter(({ lock }) => (kinds.get(lock)!.size === 2 || this.entered.has(lock)) && !this.gone.has(lock));
      if (kept.length > 0) result.set(point, kept);
    }
    const entered = [...this.entered].flatMap(([lock, name]) => (this.gone.has(lock) ? [] : [{ lock, name }]));
    return result.size > 0 ? { actions: result, inner: this.inner.filter(({ lock }) => !this.gone.has(lock)), entered } : NOTHING;
  }
}

const NOTHING: Takings = { actions: new Map(), inner: [], entered: [] };
