// Lock chain: how a function, call by call, comes to wait for a lock, told step by step.
import type { Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey, type LockKey, nameOfKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { NAME } from '../../summary/points';
import type { Witness } from '../../summary/summary';
import type { Related } from '../finding';

/** The calls from one function to the next, and the place where they end. */
export interface Way {
  readonly calls: readonly { readonly site: Site; readonly callee: FunctionKey }[];
  readonly end: Site;
}

/** The way from a site that calls `target`, or that is the end itself where there is none. `witnessOf` says how each function goes on. */
export function wayFrom(site: Site, target: FunctionKey | undefined, witnessOf: (key: FunctionKey) => Witness | undefined): Way {
  const calls: { site: Site; callee: FunctionKey }[] = [];
  const seen = new Set<FunctionKey>();
  let end = site;
  for (let next = target; next !== undefined && !seen.has(next); ) {
    seen.add(next);
    calls.push({ site: end, callee: next });
    const witness = witnessOf(next);
    end = { function: next, point: witness?.point ?? NAME };
    next = witness?.next;
  }
  return { calls, end };
}

/** The steps from a call in one function to the place where the lock is waited for. `witnessOf` says how each function goes on. */
export function chainFrom(
  site: Site,
  target: FunctionKey,
  witnessOf: (key: FunctionKey) => Witness | undefined,
  end: (last: FunctionKey) => string,
): Related[] {
  const way = wayFrom(site, target, witnessOf);
  return [
    ...way.calls.map((call) => ({ site: call.site, message: `${callOfKey(call.site.function)} calls ${callOfKey(call.callee)} …` })),
    { site: way.end, message: end(way.end.function) },
  ];
}

/** The chain of calls that ends where `lock` is waited for. */
export function lockChain(facts: Facts, site: Site, target: FunctionKey, lock: LockKey): Related[] {
  return chainFrom(
    site,
    target,
    (key) => facts.summaryOf(key)?.mayAcquire.get(lock),
    (last) => `… and ${callOfKey(last)} waits for ${nameOfKey(lock)} here`,
  );
}

/** The functions of such a chain, the first and the last included. */
export function functionsAlong(start: FunctionKey, witnessOf: (key: FunctionKey) => Witness | undefined): FunctionKey[] {
  const found: FunctionKey[] = [];
  for (let next: FunctionKey | undefined = start; next !== undefined && !found.includes(next); next = witnessOf(next)?.next) found.push(next);
  return found;
}

/** Where a function itself takes a lock, waiting for it. */
export function takenIn(facts: Facts, key: FunctionKey, lock: LockKey): Site[] {
  return (facts.summaryOf(key)?.acquisitions ?? [])
    .filter((acquisition) => acquisition.lock.key === lock && !acquisition.attempt)
    .map(({ point }) => ({ function: key, point }));
}

/** A lock that is there once: a module's or closure's variable, or an attribute of the class itself; not one of each instance. */
export function isOneObject(lock: LockKey, facts: Facts): boolean {
  const hash = lock.lastIndexOf('#');
  if (hash < 0 || lock.includes('/', hash)) return true;
  const dot = lock.lastIndexOf('.');
  const owner = facts.program.resolver.classAt(lock.slice(0, dot));
  const module = owner && facts.program.resolver.moduleOfClass(owner.key);
  const field = module?.module.classes[owner!.index].fields.find((each) => each.name === lock.slice(dot + 1));
  return field?.shared === true && !facts.accessesOf(lock).some((access) => access.write && access.onReceiver);
}

/** Whether a thread or task that holds the lock waits for ever if it asks for it again. An unknown lock is taken to be re-entrant. */
export function excludesItself(lock: LockKey, facts: Facts): boolean {
  const kind = facts.locks.kindOf(lock);
  return kind?.type === 'mutex' || kind?.type === 'semaphore' || (kind?.type === 'condition' && kind.domain === 'task');
}
