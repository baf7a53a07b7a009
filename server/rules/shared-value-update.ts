// Several processes read a value in shared memory and write it back, with no lock around both: updates are lost.
import { calledName, methodOf } from '../model/calls';
import type { Operation, Write } from '../model/operation';
import type { Value } from '../model/value';
import { makersOf, receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { lostUpdate } from './shared/interleavings';
import { runsInSeveral, sideOf } from './shared/process-sides';
import { type ProcessSite, processSites } from './shared/process-sites';

export const sharedValueUpdate: Rule = {
  id: 'shared-value-update',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('value'),
  fixes: ['hold-value-lock'],
  *check(file, facts) {
    const handed = handedValues(facts, processSites(facts, file));
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'write' || !isUpdate(fn, operation)) continue;
        const shared: Value = { kind: 'place', place: { root: operation.place.root, path: operation.place.path.slice(0, -1) } };
        const parameter = operation.place.root.kind === 'parameter' && operation.place.path.length === 1 ? operation.place.root.index : undefined;
        if (!isShared(facts, fn, shared) && !(parameter !== undefined && handed.has(`${fn.key}:${parameter}`))) continue;
        if (!facts.contextOf(fn.key).roots.some((root) => root.startsWith('process'))) continue;
        if (!runsInSeveral(facts, fn.key) && sideOf(facts, fn.key) === 'child') continue;
        if (!isGuarded(facts, fn, point)) yield findingOf(fn, point, hasLock(facts, file));
      }
    }
  },
};

/** `v.value += 1`, or `v.value = v.value + 1`. */
function isUpdate(fn: ResolvedFunction, write: Write): boolean {
  if (write.place.path.at(-1) !== 'value') return false;
  if (write.mode === 'update') return true;
  const { operations } = modelOf(fn);
  const same = (other: Operation) => other.kind === 'read' && JSON.stringify(other.place) === JSON.stringify(write.place);
  return write.mode === 'assign' && write.depends.some((number) => same(operations[number]));
}

const SHARED = /^multiprocessing\.(?:Value|RawValue)$/;

function isShared(facts: Facts, fn: ResolvedFunction, value: Value): boolean {
  const { resolver } = facts.program;
  const type = resolver.typeOf(fn.module, fn.index, value);
  if (type?.kind === 'library') return type.name === 'multiprocessing.sharedctypes.Synchronized';
  if (type !== undefined) return false;
  for (const { call, module, index } of makersOf(resolver, fn.module, fn.index, value)) {
    const callee = resolver.typeOf(module, index, call.callee);
    if (callee?.kind === 'api' && SHARED.test(resolver.api('python', callee.name)?.name ?? '')) return true;
  }
  return false;
}

/** The parameters, by function and position, that processes are started with a shared value for. */
function handedValues(facts: Facts, sites: readonly ProcessSite[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const site of sites) {
    for (const key of site.targets) {
      const target = facts.program.functions.get(key);
      if (!target) continue;
      const model = modelOf(target);
      for (const { value, parameter, name } of site.handed) {
        if (!isShared(facts, site.fn, value)) continue;
        const position = name === undefined ? (parameter ?? -1) + (model.kind === 'method' ? 1 : 0) : model.parameters.findIndex((each) => each.name === name);
        found.add(`${key}:${position}`);
      }
    }
  }
  return found;
}

/** Inside a with for a lock, or after an acquire. */
function isGuarded(facts: Facts, fn: ResolvedFunction, point: number): boolean {
  const model = modelOf(fn);
  const inside = (enclosing(model).get(point) ?? []).some((structure) => {
    if (structure.kind !== 'with') return false;
    if (fn.withs[~structure.point]?.lock) return true;
    const { value } = structure.step;
    if (value.kind !== 'place') return false;
    if (isShared(facts, fn, value)) return true;
    const made = value.place.root.kind === 'result' ? model.operations[value.place.root.operation] : undefined;
    const name = made?.kind === 'call' && made.callee.kind === 'place' ? made.callee.place.path.at(-1) : value.place.path.at(-1);
    // A parameter may be any lock.
    return name === 'get_lock' || (name === undefined && value.place.root.kind === 'parameter') || /lock|mutex|sem|guard/i.test(name ?? '');
  });
  if (inside || (facts.contextOf(fn.key).entry?.length ?? 0) > 0) return true;
  return model.operations.some(
    (operation, number) => number < point && operation.kind === 'call' && methodOf(operation) === 'acquire' && receiverOf(operation.callee) !== undefined,
  );
}

/** Whether the values of a file have a lock: none is made raw, or told to do without. */
function hasLock(facts: Facts, file: string): boolean {
  return facts
    .functionsIn(file)
    .every((fn) =>
      modelOf(fn).operations.every(
        (operation) => operation.kind !== 'call' || (calledName(operation) !== 'RawValue' && !operation.arguments.some(({ name }) => name === 'lock')),
      ),
    );
}

function findingOf(fn: ResolvedFunction, point: number, hasLock: boolean): Finding {
  const key: FunctionKey = fn.key;
  const at = { function: key, point };
  return {
    rule: sharedValueUpdate.id,
    family: sharedValueUpdate.family,
    severity: sharedValueUpdate.severity,
    confidence: 0.85,
    site: at,
    message: `Lost update in shared memory: ${callOfKey(key)} runs in several processes and reads the value, then writes it back; the lock inside a multiprocessing.Value covers the read and the write each on its own, so that another process comes between and its change is lost. Hold get_lock() around the statement.`,
    related: [
      { site: at, message: 'Process A: reads the value' },
      { site: at, message: 'Process B: reads the same value, and writes its sum' },
      { site: at, message: 'Process A: writes its own sum over it' },
    ],
    interleaving: lostUpdate([`process running ${callOfKey(key)}`, `another process running ${callOfKey(key)}`], 'the value', { reads: at, writes: at }),
    fixes: hasLock ? [{ kind: 'hold-value-lock', site: at }] : [],
  };
}
