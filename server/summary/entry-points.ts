// Entry points: functions that a library runs by itself, told by the class they are in or by the form they have.
import type { EntryMethod } from '../model/library';
import type { ModelFunction } from '../model/module';
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
      (entry) => !isForm(entry) && (entry.method.endsWith('*') ? fn.name.startsWith(entry.method.slice(0, -1)) : entry.method === fn.name),
    );
    if (found) return found;
  }
  return undefined;
}

/** Whether an entry means functions of a form, whatever class they are in. */
export function isForm({ parameters, types, exportedWith }: EntryMethod): boolean {
  return (parameters ?? types ?? exportedWith) !== undefined;
}

/** `def application(environ, start_response)`, also as a method; `(req: Request, res: Response) => …`, wherever it stands. */
function knownByForm(resolver: TypeResolver, module: ModuleInterface, index: number): EntryMethod | undefined {
  const fn = module.module.functions[index];
  if (fn.kind === 'module' || fn.kind === 'constructor' || (fn.kind === 'lambda' && module.language === 'python')) return undefined;
  const declared = declaredTypes(resolver, module, fn);
  return resolver.entriesByForm(module.language).find((entry) => {
    if (entry.exportedWith !== undefined) return isExportedWith(module, fn, entry.method, entry.exportedWith);
    return entry.types ? takesTypes(declared, entry.types) : takesNames(resolver, module, fn, entry);
  });
}

function takesNames(resolver: TypeResolver, module: ModuleInterface, fn: ModelFunction, { parameters: wanted = [], base }: EntryMethod): boolean {
  const { parameters, kind, class: owner } = fn;
  const taken = parameters.slice(module.language === 'python' && (kind === 'method' || kind === 'class-method') ? 1 : 0);
  return (
    wanted.length === taken.length &&
    wanted.every((names, position) => isOneOf(names, taken[position].name, module)) &&
    (base === undefined || (owner !== undefined && resolver.libraryBases(module.classKeys[owner]).some((name) => name.endsWith(base))))
  );
}

/** What is not used is written with a line before it in TypeScript: `(_req, res)`. */
function isOneOf(names: string, name: string, module: ModuleInterface): boolean {
  const list = names.split('|');
  return list.includes(name) || (module.language === 'typescript' && list.includes(name.replace(/^_+(?=.)/, '')));
}

/** What the parameters of a function are declared to be, as far as the library has it; none where it takes no such thing. */
function declaredTypes(resolver: TypeResolver, module: ModuleInterface, { parameters }: ModelFunction): readonly (string | undefined)[] {
  if (module.language === 'python' || !parameters.some((parameter) => parameter.annotation)) return [];
  return parameters.slice(0, 3).map(({ annotation }) => {
    const type = annotation && resolver.instanceOf(module, annotation);
    // `Request<Params>` is one as well.
    return type?.kind === 'library' || type?.kind === 'container' ? type.name : undefined;
  });
}

function takesTypes(declared: readonly (string | undefined)[], wanted: readonly string[]): boolean {
  return declared.length >= wanted.length && wanted.every((name, position) => name === '*' || declared[position] === name);
}

/** `export async function GET()` in a file that has to do with the package. */
function isExportedWith(module: ModuleInterface, fn: ModelFunction, name: string, specifier: string): boolean {
  if (fn.name !== name || fn.parent !== 0 || fn.isPrivate) return false;
  return specifier === '*' || module.specifiers.includes(specifier);
}
