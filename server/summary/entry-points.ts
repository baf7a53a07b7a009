// Entry points: functions that a library runs by itself, told by the class they are in or by the form they have.
import type { EntryMethod } from '../model/library';
import type { ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/** What the library runs on instances of a class (`run` of a Thread, `do_GET` of a request handler), or knows by its parameters. */
export function entryMethodOf(resolver: TypeResolver, module: ModuleInterface, index: number): EntryMethod | undefined {
  const fn = module.module.functions[index];
  const found = methodOfBase(resolver, module, index) ?? knownByForm(resolver, module, index);
  return found?.async && fn.isAsync ? { ...found, as: found.async } : found;
}

function methodOfBase(resolver: TypeResolver, module: ModuleInterface, index: number): EntryMethod | undefined {
  const fn = module.module.functions[index];
  if (fn.class === undefined || (fn.kind !== 'method' && fn.kind !== 'class-method')) return undefined;
  for (const base of resolver.libraryBases(module.classKeys[fn.class])) {
    const methods = resolver.api(module.language, base)?.entryMethods ?? [];
    const found = methods.find(
      ({ method, parameters }) => !parameters && (method.endsWith('*') ? fn.name.startsWith(method.slice(0, -1)) : method === fn.name),
    );
    if (found) return found;
  }
  return undefined;
}

/** `def application(environ, start_response)`, also as a method. */
function knownByForm(resolver: TypeResolver, module: ModuleInterface, index: number): EntryMethod | undefined {
  const { parameters, kind, class: owner } = module.module.functions[index];
  if (kind === 'module' || kind === 'lambda') return undefined;
  const taken = parameters.slice(kind === 'method' || kind === 'class-method' ? 1 : 0);
  return resolver
    .entriesByForm(module.language)
    .find(
      ({ parameters: wanted, base }) =>
        wanted?.length === taken.length &&
        wanted.every((name, position) => taken[position].name === name) &&
        (base === undefined || (owner !== undefined && resolver.libraryBases(module.classKeys[owner]).some((name) => name.endsWith(base)))),
    );
}
