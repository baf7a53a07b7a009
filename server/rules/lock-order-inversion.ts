// Two locks are taken in opposite orders, so that two threads can wait for each other for ever.

import { CALLER, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import type { LockEdge } from '../summary/lock-order';
import type { Finding, Interleaving, Related } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { deadlock, type Taking, twoCalls } from './shared/interleavings';
import { type Way, wayFrom } from './shared/lock-chain';

export const lockOrderInversion: Rule = {
  id: 'lock-order-inversion',
  family: 'lock-order',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'cycle',
  fixes: ['swap-locks'],
  *check(id, facts) {
    const cycle = facts.cycle(id);
    if (!cycle) return;
    const sides = chooseSides(cycle.locks, facts)?.sort((a, b) => inOrder(a, b, facts));
    if (!sides) return;
    const names = cycle.locks.map(nameOfKey);
    const [odd] = sides;
    const order = sides.map((side) => `${callOfKey(side.function)} holds ${nameOfKey(side.held)} and waits for ${nameOfKey(side.wanted)}`);
    const finding: Finding = {
      rule: lockOrderInversion.id,
      family: lockOrderInversion.family,
      severity: lockOrderInversion.severity,
      confidence: 0.8,
      site: wantedSite(odd, facts),
      message: `Deadlock: ${names.join(' and ')} are taken in opposite orders: ${order.join(', ')}. When they run at the same time each waits for the lock that the other holds. Take the locks in one order everywhere, or release the first before taking the second.`,
      related: sides.flatMap((side) => traceOf(side, facts)),
      fixes: fixesOf(odd, facts),
      interleaving: crossing(sides, facts),
    };
    yield finding;
  },
};

/** The order that is rarer in the program comes first, since there the fix goes; of equals the later one in the text. */
function inOrder(a: LockEdge, b: LockEdge, facts: Facts): number {
  const times = (edge: LockEdge) => facts.edgesBetween(edge.held, edge.wanted).length;
  // Functions are numbered in the order of the text; their offsets would change with every edit.
  const [left, right] = [a, b].map((edge) => facts.program.functions.get(edge.function)!);
  if (left.module.file !== right.module.file) return times(a) - times(b) || (left.module.file < right.module.file ? 1 : -1);
  return times(a) - times(b) || right.index - left.index || b.wantedAt - a.wantedAt;
}

/** Where the second lock is asked for: in the function itself, or in a callback that stands inside it. */
function wantedSite(edge: LockEdge, facts: Facts): Site {
  let site: Site = { function: edge.function, point: edge.wantedAt };
  for (let next = edge.through; next?.startsWith(`${site.function}.`); ) {
    const witness = facts.summaryOf(next)?.mayAcquire.get(edge.wanted);
    if (!witness) break;
    site = { function: next, point: witness.point };
    next = witness.next;
  }
  return site;
}

/** One edge for each step of the circle, such that the sides can run at the same time and no common lock keeps them apart. */
function chooseSides(locks: readonly string[], facts: Facts): LockEdge[] | undefined {
  const candidates = locks.map((lock, i) => facts.edgesBetween(lock, locks[(i + 1) % locks.length]).slice(0, 8));
  for (const first of candidates[0]) {
    for (const second of candidates[1] ?? []) {
      if (
        first.gates.some((gate) => guards(second, facts).has(gate)) ||
        entry(first, facts).some((gate) => guards(second, facts).has(gate) && !locks.includes(gate))
      )
        continue;
      if (!canMeet(first, second, facts)) continue;
      const rest = candidates.slice(2).map((edges) => edges[0]);
      if (rest.every(Boolean)) return [first, second, ...rest];
    }
  }
  return undefined;
}

function entry(edge: LockEdge, facts: Facts): readonly string[] {
  return facts.contextOf(edge.function).entry ?? [];
}

function guards(edge: LockEdge, facts: Facts): Set<string> {
  return new Set([...edge.gates, ...entry(edge, facts)]);
}

/** Two sides can run at the same time unless all that reaches them is one thread that exists once. */
function canMeet(a: LockEdge, b: LockEdge, facts: Facts): boolean {
  const left = facts.contextOf(a.function).roots;
  const right = facts.contextOf(b.function).roots;
  return left.some((one) => right.some((other) => one !== other || one === CALLER || rootParts(one).many));
}

/** What one side does: it takes the first lock, and from there, call by call, comes to wait for the second. */
function traceOf(edge: LockEdge, facts: Facts): Related[] {
  const { calls, end } = wayOf(edge, facts);
  return [
    { site: takingSite(edge), message: `${callOfKey(edge.function)} takes ${nameOfKey(edge.held)} here …` },
    ...calls.map(({ site, callee }) => ({ site, message: `… and, still holding it, calls ${callOfKey(callee)} …` })),
    { site: end, message: `… ${calls.length > 0 ? 'which waits' : 'and, still holding it, waits'} for ${nameOfKey(edge.wanted)}` },
  ];
}

function takingSite(edge: LockEdge): Site {
  return { function: edge.function, point: edge.heldAt };
}

function wayOf(edge: LockEdge, facts: Facts): Way {
  return wayFrom({ function: edge.function, point: edge.wantedAt }, edge.through, (key) => facts.summaryOf(key)?.mayAcquire.get(edge.wanted));
}

/** Two sides that hold each other up; a longer circle has no place in two columns. */
function crossing(sides: readonly LockEdge[], facts: Facts): Interleaving | undefined {
  const [one, other] = sides;
  if (sides.length !== 2) return undefined;
  const taking = (edge: LockEdge): Taking => ({ held: edge.held, takes: takingSite(edge), wanted: edge.wanted, way: wayOf(edge, facts) });
  return deadlock(twoCalls(one.function, other.function), taking(one), taking(other));
}

/** Two with statements inside each other can change places, and so can two calls. */
function fixesOf(edge: LockEdge, facts: Facts): FixIntent[] {
  if (edge.through !== undefined || edge.heldAt < 0 !== edge.wantedAt < 0) return [];
  const between = facts.summaryOf(edge.function)?.acquisitions.find((acquisition) => acquisition.point === edge.wantedAt);
  if (between?.held.at(-1)?.taken !== edge.heldAt) return [];
  return [{ kind: 'swap-locks', site: { function: edge.function, point: edge.heldAt }, second: { function: edge.function, point: edge.wantedAt } }];
}
