// Duck types: what class an unknown object is of, by the names that a function asks it for.
import { placeOf } from '../model/calls';
import type { ModelFunction } from '../model/module';
import { ELEMENT, type Place, printPlace } from '../model/place';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';
import type { Type } from './types';

const ASKED = new WeakMap<ModelFunction, ReadonlyMap<string, ReadonlySet<string>>>();
/** Fewer names than this may be anybody's. */
const ENOUGH = 2;

/**
 * The only class of the file that has all the attributes which a function asks of an object in a shared place. What is
 * handed in as an argument is left alone: each caller may have one of its own.
 */
export function typeByUse(resolver: TypeResolver, module: ModuleInterface, index: number, place: Place, steps: number): Type | undefined {
  if (module.language !== 'python' || !SHARED.has(place.root.kind)) return undefined;
  const names = namesAsked(module.module.functions[index]).get(printPlace({ root: place.root, path: place.path.slice(0, steps) }));
  if (!names || names.size < ENOUGH) return undefined;
  const found = module.classes.filter(({ key, fields }) =>
    [...names].every((name) => fields.has(name) || resolver.lineage(key).some((ancestor) => resolver.classAt(ancestor)?.fields.has(name))),
  );
  return found.length === 1 ? { kind: 'instance', class: found[0].key } : undefined;
}

const SHARED: ReadonlySet<Place['root']['kind']> = new Set(['variable', 'module', 'receiver']);

/** The attributes that a function asks of each object that it reaches, methods left out. */
function namesAsked(fn: ModelFunction): ReadonlyMap<string, ReadonlySet<string>> {
  const known = ASKED.get(fn);
  if (known) return known;
  const names = new Map<string, Set<string>>();
  for (const operation of fn.operations) {
    const place = placeOf(operation);
    place?.path.forEach((step, at) => {
      if (step === ELEMENT || at === 0 || (operation.kind === 'call' && at === place.path.length - 1)) return;
      const holder = printPlace({ root: place.root, path: place.path.slice(0, at) });
      const asked = names.get(holder) ?? new Set();
      names.set(holder, asked.add(step));
    });
  }
  ASKED.set(fn, names);
  return names;
}
