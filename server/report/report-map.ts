// The map of a program as data: what runs, what it does, what it shares and what guards that, as nodes and edges.

/** Nodes and edges in an order that depends on the program alone; numbers in them are indexes of the lists here. */
export interface ReportMap {
  readonly files: readonly string[];
  readonly groups: readonly MapGroup[];
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** What belongs together: a class, or what a file has outside of classes. */
export interface MapGroup {
  /** The class's name, or the last part of the file's. */
  readonly label: string;
  readonly file: number;
}

export type MapNode = MapRoot | MapFunction | MapPlace | MapLock;

interface MapNodeParts {
  /** Stays the same while the thing has its name. */
  readonly id: string;
  readonly label: string;
  readonly group: number;
  readonly file: number;
  /** From 0, the column in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** The numbers of the report's findings that stand here: in the function, at a start, at an access, where the lock is taken. */
  readonly findings?: readonly number[];
}

/** What starts running beside the main program. It stands for its function, too, where that is run in no other way. */
export interface MapRoot extends MapNodeParts {
  readonly kind: 'root';
  /** `thread`, `process`, `task`, `worker`, `timer`, `callback`. */
  readonly runs: string;
  readonly many?: true;
}

/** A function that starts a root, takes a lock or touches a shared place, or where the ways to such functions part. */
export interface MapFunction extends MapNodeParts {
  readonly kind: 'function';
  /** It is a file's body, which the main program runs. */
  readonly isBody?: true;
}

export interface MapPlace extends MapNodeParts {
  readonly kind: 'place';
  /** The name of the lock that guards it. */
  readonly guard?: string;
  /** Its annotation says so. */
  readonly isStated?: true;
}

export interface MapLock extends MapNodeParts {
  readonly kind: 'lock';
  /** `threading.Lock`; absent where it only has a lock's name. */
  readonly type?: string;
}

/**
 * `starts`: function → root; `runs`: root → its function; `calls`: function or root → function; `reads` (and never writes),
 * `writes`: function or root → place; `takes`: function or root → lock; `guards`: lock → place; `order`: the second lock is
 * taken while the first is held. At most one edge of a kind between two nodes, and one for what a function does to a place.
 */
export interface MapEdge {
  readonly kind: 'starts' | 'runs' | 'calls' | 'reads' | 'writes' | 'takes' | 'guards' | 'order';
  readonly from: number;
  readonly to: number;
  /** `calls`: how many functions the shortest way goes through that the map does not show. Absent for none. */
  readonly between?: number;
  /** `reads` and `writes`: the locks that are held each time. Absent for none. */
  readonly locks?: readonly number[];
  /** `reads` and `writes`: the place's guard is not held each time. */
  readonly breaks?: true;
  /** `order`: part of a circle. */
  readonly inCycle?: true;
}
