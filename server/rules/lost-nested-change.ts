// Something inside an element of a manager's dict or list is changed in place: the element is a copy, and the change is lost.
import { methodOf } from '../model/calls';
import { ELEMENT, type Place } from '../model/place';
import type { Value } from '../model/value';
import { makersOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { processSites } from './shared/process-sites';

export const lostNestedChange: Rule = {
  id: 'lost-nested-change',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const functions = facts.functionsIn(file);
    const handed = handedProxies(facts, file);
    const isProxy = (fn: ResolvedFunction, place: Place): boolean =>
      madeByManager(facts, fn, { kind: 'place', place }) ||
      (place.root.kind === 'parameter' && place.path.length === 0 && handed.has(`${fn.key}:${place.root.index}`));
    // Where an element is a proxy itself, what is done to it arrives.
    const areProxies = () =>
      functions.some((fn) =>
        modelOf(fn).operations.some(
          (operation) => operation.kind === 'write' && operation.place.path.at(-1) === ELEMENT && madeByManager(facts, fn, operation.value),
        ),
      );
    let told = false;
    for (const fn of functions) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        const place = changedPlace(operation);
        const at = place?.path.indexOf(ELEMENT) ?? -1;
        if (!place || at < 0 || at === place.path.length - (operation.kind === 'write' ? 1 : 0)) continue;
        const holder = { root: place.root, path: place.path.slice(0, at) };
        if (!isProxy(fn, holder) || putBack(fn, holder, point)) continue;
        if (!told && areProxies()) return;
        told = true;
        yield findingOf(fn, point);
      }
    }
  },
};

const CHANGES = /^(?:append|extend|insert|add|update|setdefault|appendleft|remove|discard|pop|popleft|clear|sort)$/;

/** The place whose contents an operation changes: of a call the object of the method, of a write what is written. */
function changedPlace(operation: ReturnType<typeof modelOf>['operations'][number]): Place | undefined {
  if (operation.kind === 'write') return operation.place;
  if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !CHANGES.test(methodOf(operation))) return undefined;
  return { root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) };
}

/** A later write of an element sends the changed copy back. */
function putBack(fn: ResolvedFunction, holder: Place, point: number): boolean {
  return modelOf(fn).operations.some(
    (operation, number) =>
      number > point &&
      operation.kind === 'write' &&
      operation.place.path.length === holder.path.length + 1 &&
      JSON.stringify({ ...operation.place, path: operation.place.path.slice(0, -1) }) === JSON.stringify(holder),
  );
}

function madeByManager(facts: Facts, fn: ResolvedFunction, value: Value): boolean {
  const { resolver } = facts.program;
  for (const { call, module, index } of makersOf(resolver, fn.module, fn.index, value)) {
    const callee = resolver.typeOf(module, index, call.callee);
    if (callee?.kind === 'api' && /\.managers\.SyncManager\.(?:dict|list)$/.test(callee.name)) return true;
  }
  return false;
}

/** The parameters that processes get a manager's dict or list through. */
function handedProxies(facts: Facts, file: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const site of processSites(facts, file)) {
    for (const key of site.targets) {
      const target = facts.program.functions.get(key);
      if (!target) continue;
      const { kind, parameters } = modelOf(target);
      for (const { value, parameter, name } of site.handed) {
        if (!madeByManager(facts, site.fn, value)) continue;
        found.add(`${key}:${name === undefined ? (parameter ?? -1) + (kind === 'method' ? 1 : 0) : parameters.findIndex((each) => each.name === name)}`);
      }
    }
  }
  return found;
}

function findingOf(fn: ResolvedFunction, point: number): Finding {
  const at = { function: fn.key, point };
  return {
    rule: lostNestedChange.id,
    family: lostNestedChange.family,
    severity: lostNestedChange.severity,
    confidence: 0.85,
    site: at,
    message: `This change is lost: the element of a manager's dict or list that ${callOfKey(fn.key)} changes here is a copy, fetched from the manager's process a moment ago, and nothing sends it back. Change it in a variable and assign it to the key again, with a lock around both, or keep a list or dict of the manager inside.`,
    related: [{ site: at, message: 'Fetches a copy of the element, changes the copy, and drops it' }],
    fixes: [],
  };
}
