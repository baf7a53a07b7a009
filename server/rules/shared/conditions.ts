// Conditions: cheap questions about a subject that many rules have in common before they look closer.
import { calledName } from '../../model/calls';
import type { Facts } from '../../summary/facts';
import type { CellKey, FunctionKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import type { Condition } from '../rule';
import { lockCalls } from './lock-calls';
import { runsInProcess } from './process-sides';
import { sharedAccesses } from './shared-access';

/** Others can come between the accesses of the place. */
export const isMetByOthers: Condition = (cell, facts) => sharedAccesses(cell, facts).length > 0;

/** Methods of the library are called on what stands in the place. */
export const isUsed: Condition = (cell, facts) => facts.usesOf(cell).length > 0;

/** A process that is started here comes to the place. */
export const isInProcess: Condition = (cell: CellKey, facts) =>
  facts.accessesOf(cell).some((access) => runsInProcess(facts, access.function)) || facts.usesOf(cell).some((use) => runsInProcess(facts, use.function));

/** The function takes locks by hand or gives them back. */
export const handlesLocks: Condition = (key, facts) => {
  const fn = facts.program.functions.get(key);
  return fn !== undefined && lockCalls(fn, facts).size > 0;
};

/** The function takes locks, in whatever way. */
export const takesLocks: Condition = (key, facts) => (facts.summaryOf(key)?.acquisitions.length ?? 0) > 0;

/** The function has with steps for locks. */
export const entersLocks: Condition = (key, facts) => facts.program.functions.get(key)?.withs.some((entered) => entered.lock) ?? false;

/** The function calls something of one of these names, by which it is called or known to the library, or writes to it. */
export function calling(...names: string[]): Condition {
  for (const name of names) WANTED.add(name);
  return (key, facts) => {
    const called = calledIn(key, facts);
    return called.size > 0 && names.some((name) => called.has(name));
  };
}

/** A function of the file does so. */
export function callingInFile(...names: string[]): Condition {
  const calls = calling(...names);
  return (file, facts) => facts.program.modules.get(file)?.functionKeys.some((key) => calls(key, facts)) ?? false;
}

/** All names that some condition asks for. */
const WANTED = new Set<string>();
const NOTHING: ReadonlySet<string> = new Set();

function calledIn(key: FunctionKey, facts: Facts): ReadonlySet<string> {
  return facts.once(calledIn, key, () => {
    const fn = facts.program.functions.get(key);
    let found: Set<string> | undefined;
    for (const [number, operation] of (fn ? modelOf(fn).operations : []).entries()) {
      if (operation.kind !== 'call' && operation.kind !== 'write') continue;
      const name = operation.kind === 'call' ? calledName(operation) : (operation.place.path.at(-1) ?? '');
      if (WANTED.has(name)) (found ??= new Set()).add(name);
      const api = operation.kind === 'call' ? fn!.calls.get(number)?.api?.name : undefined;
      if (api === undefined) continue;
      const last = api.slice(api.lastIndexOf('.') + 1);
      if (WANTED.has(last)) (found ??= new Set()).add(last);
    }
    return found ?? NOTHING;
  });
}
