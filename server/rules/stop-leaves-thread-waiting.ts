// An end lowers a flag and joins the thread, which does not see the flag as long as it waits for something else.
import type { Facts } from '../summary/facts';
import { callOfKey, type CellKey, fileOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import { enclosing, loopAround } from '../summary/structure';
import { calledBy, cellsChanged, cellsTouched, leavesToBase } from './call-tree';
import { closingMethods } from './closing-methods';
import type { Finding } from './finding';
import { lifeInCell } from './object-life';
import type { Rule } from './rule';
import { ownerOf, startedIn, type StartedWork } from './started-work';

/** What waits without an end unless it is told for how long. */
const WAITS =
  /^(?:(?:queue|multiprocessing)\.(?:Simple|Joinable)?Queue\.get|socket\.socket\.(?:accept|recv|recvfrom|recv_into)|multiprocessing\.connection\.(?:Connection\.recv|Listener\.accept))$/;

export const stopLeavesThreadWaiting: Rule = {
  id: 'stop-leaves-thread-waiting',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  repaired: false,
  *check(file, facts) {
    const told = new Set<string>();
    for (const work of startedIn(file, facts)) {
      const finding = work.kind === 'thread' || work.kind === 'process' ? leftWaiting(work, facts) : undefined;
      const at = finding && `${finding.site.function} ${finding.site.point}`;
      if (at === undefined || told.has(at)) continue;
      told.add(at);
      yield finding!;
    }
  },
};

interface Wait {
  readonly site: Site;
  readonly on: CellKey;
}

function leftWaiting(work: StartedWork, facts: Facts): Finding | undefined {
  const owner = ownerOf(work, facts);
  if (owner === undefined || fileOfKey(work.target) !== fileOfKey(owner)) return undefined;
  const closing = closingMethods(owner, facts);
  const ends = new Set(closing.flatMap((key) => [...calledBy(facts, key)]));
  // A wait with a limit gives up, and a daemon that nobody joins does no harm.
  const join = work.life.uses.find((use) => use.name === 'join' && !use.given && (ends.has(use.site.function) || closing.includes(use.site.function)));
  if (!join || work.life.escapes || leavesToBase(facts, ends) || work.life.uses.some((use) => /^(?:terminate|kill)$/.test(use.name))) return undefined;
  const tree = calledBy(facts, work.target);
  const wait = waitIn(tree, facts);
  const changed = cellsChanged(facts, ends);
  if (!wait || changed.has(wait.on) || canBeWoken(wait.on, tree, facts)) return undefined;
  // Without a flag that the end lowers it is the matter of the rule on threads that outlive it.
  const looked = cellsTouched(facts, tree);
  const flag = [...changed].find((cell) => looked.has(cell));
  if (flag === undefined) return undefined;
  const { id, family, severity } = stopLeavesThreadWaiting;
  const end = callOfKey(join.site.function);
  return {
    rule: id,
    family,
    severity,
    confidence: 0.75,
    site: join.site,
    message: `${end} may wait for ever: it changes ${nameOfKey(flag)} and joins the ${work.kind} running ${callOfKey(work.target)}, which looks at that only between two waits for ${nameOfKey(wait.on)}, and nothing here ends such a wait. ${
      !isSocket(wait, facts)
        ? 'Put a sentinel into it before the join, or wait with a timeout.'
        : 'Close or shut down the socket before the join, or give it a timeout.'
    }`,
    related: [
      { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the ${work.kind}` },
      { site: wait.site, message: `${callOfKey(wait.site.function)} waits here, with no limit` },
      { site: join.site, message: `${end} waits here for the ${work.kind} to end` },
    ],
    fixes: [],
  };
}

/** Where a loop of the work waits for something in a shared place, with no limit. */
function waitIn(tree: ReadonlySet<FunctionKey>, facts: Facts): Wait | undefined {
  for (const key of tree) {
    const fn = facts.program.functions.get(key);
    if (!fn) continue;
    for (const use of facts.summaryOf(key)?.uses ?? []) {
      const operation = modelOf(fn).operations[use.point];
      if (!WAITS.test(use.api) || operation?.kind !== 'call' || !loopAround(modelOf(fn), use.point)) continue;
      if (/Queue\.get$/.test(use.api) && operation.arguments.length > 0) continue;
      // Only reached when something is there.
      if ((enclosing(modelOf(fn)).get(use.point) ?? []).some((around) => around.kind === 'branch')) continue;
      return { site: { function: key, point: use.point }, on: use.cell.key };
    }
  }
  return undefined;
}

/** A socket with a timeout, a queue that the thread itself or a timer puts into, something that others have as well. */
function canBeWoken(cell: CellKey, tree: ReadonlySet<FunctionKey>, facts: Facts): boolean {
  const life = lifeInCell(facts, cell);
  if (life.escapes || life.offered || life.uses.some((use) => /^(?:settimeout|setblocking|setsockopt)$/.test(use.name))) return true;
  return facts.usesOf(cell).some((use) => /\.put(?:_nowait)?$/.test(use.api) && tree.has(use.function));
}

function isSocket(wait: Wait, facts: Facts): boolean {
  return facts.usesOf(wait.on).some((use) => use.api.startsWith('socket.'));
}
