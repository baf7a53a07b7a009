// Endless waits: where a loop of a thread's work waits with no limit for what others send it, and what could end such a wait.
import type { Facts } from '../../summary/facts';
import type { CellKey, FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf } from '../../summary/resolved';
import { enclosing, loopAround, loopsIn } from '../../summary/structure';
import { cellsTouched } from './call-tree';
import { lifeInCell } from './object-life';

/** What waits without an end unless it is told for how long. */
const WAITS =
  /^(?:(?:queue|multiprocessing)\.(?:Simple|Joinable)?Queue\.get|socket\.socket\.(?:accept|recv|recvfrom|recv_into)|multiprocessing\.connection\.(?:Connection\.recv|Listener\.accept))$/;

export interface Wait {
  readonly site: Site;
  readonly on: CellKey;
}

/** The shared places that decide whether a loop of the work goes on, also through a property. */
export function testsOfLoops(tree: ReadonlySet<FunctionKey>, facts: Facts): ReadonlySet<CellKey> {
  const found = new Set<CellKey>();
  for (const key of tree) {
    const fn = facts.program.functions.get(key);
    for (const { test } of fn ? loopsIn(modelOf(fn).body) : []) {
      for (const point of test ?? []) {
        const cell = fn!.cells.get(point);
        if (cell) found.add(cell.key);
        for (const target of fn!.calls.get(point)?.targets ?? []) for (const inner of cellsTouched(facts, [target])) found.add(inner);
      }
    }
  }
  return found;
}

/** Something constant is put into the queue: that is to end whoever takes it out. */
export function takesSentinels(cell: CellKey, facts: Facts): boolean {
  return facts.usesOf(cell).some((use) => {
    const fn = /\.put(?:_nowait)?$/.test(use.api) ? facts.program.functions.get(use.function) : undefined;
    const call = fn && modelOf(fn).operations[use.point];
    return call?.kind === 'call' && call.arguments[0]?.value.kind === 'constant';
  });
}

/** Where a loop of the work waits for something in a shared place, with no limit. */
export function waitIn(tree: ReadonlySet<FunctionKey>, facts: Facts): Wait | undefined {
  for (const key of tree) {
    const fn = facts.program.functions.get(key);
    if (!fn) continue;
    for (const use of facts.summaryOf(key)?.uses ?? []) {
      const operation = modelOf(fn).operations[use.point];
      if (!WAITS.test(use.api) || operation?.kind !== 'call' || !isInLoop(key, use.point, tree, facts)) continue;
      if (/Queue\.get$/.test(use.api) && operation.arguments.length > 0) continue;
      // Only reached when something is there.
      if ((enclosing(modelOf(fn)).get(use.point) ?? []).some((around) => around.kind === 'branch')) continue;
      return { site: { function: key, point: use.point }, on: use.cell.key };
    }
  }
  return undefined;
}

/** In a loop itself, or in a function that a loop of the work calls each time round. */
function isInLoop(key: FunctionKey, point: number, tree: ReadonlySet<FunctionKey>, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (fn && loopAround(modelOf(fn), point)) return true;
  return [...(facts.program.callers.get(key) ?? [])].some(([caller, sites]) => {
    const from = tree.has(caller) ? facts.program.functions.get(caller) : undefined;
    return (
      from &&
      sites.some((site) => loopAround(modelOf(from), site.point) && !(enclosing(modelOf(from)).get(site.point) ?? []).some((outer) => outer.kind === 'branch'))
    );
  });
}

/** A socket with a timeout, a queue that the thread itself or a timer puts into, something that others have as well. */
export function canBeWoken(cell: CellKey, tree: ReadonlySet<FunctionKey>, facts: Facts): boolean {
  const life = lifeInCell(facts, cell);
  if (life.escapes || life.offered || life.uses.some((use) => /^(?:settimeout|setblocking|setsockopt)$/.test(use.name))) return true;
  return facts.usesOf(cell).some((use) => /\.put(?:_nowait)?$/.test(use.api) && tree.has(use.function));
}

export function isSocket(wait: Wait, facts: Facts): boolean {
  return facts.usesOf(wait.on).some((use) => use.api.startsWith('socket.'));
}
