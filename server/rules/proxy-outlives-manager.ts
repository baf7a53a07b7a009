// An object of a Manager is used after the manager's with block has ended: the process that held it is gone.
import type { Operation, With } from '../model/operation';
import { resultOf } from '../model/value';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';

export const proxyOutlivesManager: Rule = {
  id: 'proxy-outlives-manager',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('Manager'),
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [made, operation] of modelOf(fn).operations.entries()) {
        const scope = operation.kind === 'call' ? managerBlock(fn, made, operation) : undefined;
        const use = scope && lateUse(fn, made, scope);
        if (use !== undefined) yield findingOf(fn, made, use);
      }
    }
  },
};

/** The with block of the manager that a call makes something of: `manager.dict()`. */
function managerBlock(fn: ResolvedFunction, made: number, call: Operation & { kind: 'call' }): With | undefined {
  if (call.callee.kind !== 'place' || call.callee.place.root.kind !== 'result' || call.callee.place.path.length !== 1) return undefined;
  const manager = call.callee.place.root.operation;
  if (fn.calls.get(manager)?.api?.name !== 'multiprocessing.Manager') return undefined;
  if (!/^(?:dict|list|Queue|JoinableQueue|Namespace|Value|Array|Lock|RLock|Event|Condition|Semaphore)$/.test(call.callee.place.path[0])) return undefined;
  for (const structure of enclosing(modelOf(fn)).get(made) ?? []) {
    if (structure.kind === 'with' && resultOf(structure.step.value) === manager) return structure.step;
  }
  return undefined;
}

/** The first use of the object behind the block, or its way out of the function. */
function lateUse(fn: ResolvedFunction, made: number, scope: With): number | undefined {
  const model = modelOf(fn);
  const found = model.operations.findIndex((operation, number) => {
    if (number <= made || operation.kind === 'write') return false;
    const inside = (enclosing(model).get(number) ?? []).some((structure) => structure.kind === 'with' && structure.step === scope);
    if (operation.kind === 'return') return resultOf(operation.value) === made;
    if (inside) return false;
    if (operation.kind === 'read') return operation.place.root.kind === 'result' && operation.place.root.operation === made;
    if (operation.kind !== 'call') return false;
    const onIt = operation.callee.kind === 'place' && operation.callee.place.root.kind === 'result' && operation.callee.place.root.operation === made;
    return onIt || operation.arguments.some(({ value }) => resultOf(value) === made);
  });
  return found < 0 ? undefined : found;
}

function findingOf(fn: ResolvedFunction, made: number, use: number): Finding {
  const at = (point: number) => ({ function: fn.key, point });
  return {
    rule: proxyOutlivesManager.id,
    family: proxyOutlivesManager.family,
    severity: proxyOutlivesManager.severity,
    confidence: 0.9,
    site: at(use),
    message: `This uses an object of a manager that has been shut down: what ${callOfKey(fn.key)} has from the manager is a proxy for an object in the manager's process, and that process ends with the with block. The use fails with a connection error. Copy the contents inside the block, with dict(…) or list(…).`,
    related: [
      { site: at(made), message: 'The proxy is made here, inside the with block of its manager' },
      { site: at(use), message: 'Used or handed out here, when the manager is gone' },
    ],
    fixes: [],
  };
}
