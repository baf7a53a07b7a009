// Same object: whether what is waited for at the end of a way is that of the very object whose work set out on it.
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import type { ClassKey, FunctionKey } from '../../summary/keys';
import { modelOf } from '../../summary/resolved';
import { holdersOf, resourceAt, type Section } from './held-resources';
import type { Way } from './own-needs';

/** Places are those of all objects of a class alike; a way that goes through another object of the class leads elsewhere. */
export function staysWithObject(section: Section, way: Way, facts: Facts): boolean {
  return staysWith(section.resource.replace(/^\w+ (?=\S*#)/, ''), section.through, way.steps, facts);
}

function staysWith(resource: string, through: string | undefined, steps: Way['steps'], facts: Facts): boolean {
  const owner = ownerOf(resource, facts);
  if (owner === undefined) return true;
  for (let at = 0; at + 1 < steps.length; at++) {
    const { function: key, point } = steps[at];
    const next = steps[at + 1].function;
    if (!isOf(next, owner, facts)) continue;
    const fn = facts.program.functions.get(key);
    const call = fn && modelOf(fn).operations[point];
    if (call?.kind !== 'call' || next.startsWith(`${key}.`)) continue;
    if (isOf(key, owner, facts)) {
      if (!isOnReceiver(call)) return false;
      continue;
    }
    const [place] = holdersOf(call);
    const entered = fn && place ? resourceAt(fn, place, facts) : undefined;
    if (through === undefined) return isMadeOnce(owner, steps[0].function, facts);
    return entered === through && staysWith(through, undefined, steps.slice(0, at + 1), facts);
  }
  return true;
}

/** The class whose field a place is. */
function ownerOf(resource: string, facts: Facts): ClassKey | undefined {
  const dot = resource.lastIndexOf('.');
  const key = resource.slice(0, dot);
  return resource.includes('#') && facts.program.resolver.classAt(key) ? key : undefined;
}

function isOf(key: FunctionKey, owner: ClassKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const index = fn && modelOf(fn).class;
  return fn !== undefined && index !== undefined && facts.program.resolver.lineage(fn.module.classKeys[index]).includes(owner);
}

function isOnReceiver(call: Call): boolean {
  return call.callee.kind === 'function' || (call.callee.kind === 'place' && call.callee.place.root.kind === 'receiver' && call.callee.place.path.length === 1);
}

/** The file makes at most one object of the class, so that it is likely to be the one that is meant. */
function isMadeOnce(owner: ClassKey, near: FunctionKey, facts: Facts): boolean {
  const file = facts.program.functions.get(near)?.module.file;
  if (file === undefined) return false;
  const { resolver } = facts.program;
  let made = 0;
  for (const fn of facts.functionsIn(file)) {
    for (const operation of modelOf(fn).operations) {
      if (operation.kind !== 'call' || operation.form !== 'new') continue;
      const type = resolver.typeOf(fn.module, fn.index, operation.callee);
      if (type?.kind === 'class' && resolver.lineage(type.class).includes(owner)) made++;
    }
  }
  return made <= 1;
}
