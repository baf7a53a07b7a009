// Own parts: objects that a class makes for itself and keeps in a field, so that whoever owns the one owns the other.

import { ELEMENT, type Place } from '../model/place';
import { resultOf } from '../model/value';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/**
 * Whether a path leads from the receiver through a field to something of the object in that field, and every object
 * that is ever put there was made for it: `self._parser.feed` after `self._parser = Parser()`.
 */
export function throughOwnPart(resolver: TypeResolver, module: ModuleInterface, place: Place): boolean {
  const steps = place.path.filter((step) => step !== ELEMENT);
  if (module.language !== 'python' || place.root.kind !== 'receiver' || steps.length !== 2 || place.path[1] === ELEMENT) return false;
  let made = false;
  for (const key of resolver.lineage(module.classKeys[place.root.class])) {
    const owner = resolver.moduleOfClass(key);
    for (const { value, function: scope } of resolver.classAt(key)?.fields.get(steps[0])?.values ?? []) {
      if (value.kind === 'constant' && value.value === null) continue;
      // One made in the class's body is everybody's.
      const number = scope === 0 ? undefined : resultOf(value);
      if (!owner || number === undefined) return false;
      const call = owner.module.functions[scope].operations[number];
      if (call?.kind !== 'call' || resolver.typeOf(owner, scope, call.callee)?.kind !== 'class') return false;
      made = true;
    }
  }
  return made;
}
