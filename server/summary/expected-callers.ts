// Expected callers: whether a function's class or module says that it reckons with several threads, though none is in sight.
import { DOCUMENTED, LOCKING, type RootId } from './contexts';
import type { FieldInterface, ModuleInterface } from './module-interface';
import type { TypeResolver } from './type-resolver';

/** Who is expected to call a function besides those the workspace shows: what documentation says goes before what a lock shows. */
export function expectedCallers(resolver: TypeResolver, module: ModuleInterface, index: number): RootId | undefined {
  if (module.language !== 'python') return undefined;
  const fn = module.module.functions[index];
  const lineage = fn.class === undefined ? [] : resolver.lineage(module.classKeys[fn.class]);
  const classes = lineage.flatMap((key) => resolver.classAt(key) ?? []);
  // What a module says of itself is about its functions; of its classes each thread may have an object.
  const ofModule = fn.class === undefined && module.module.functions[0].claimsThreadSafety;
  if (fn.claimsThreadSafety || ofModule || classes.some((each) => each.claimsThreadSafety)) return DOCUMENTED;
  const inClass = classes.some((each) => holdsLock(resolver, resolver.moduleOfClass(each.key)!, each.key, '.', each.fields));
  return inClass || holdsLock(resolver, module, module.file, ':', module.variables) ? LOCKING : undefined;
}

/** Whether one of the fields of a class, or of the variables of a module, holds a lock between threads. */
function holdsLock(resolver: TypeResolver, module: ModuleInterface, owner: string, separator: string, fields: ReadonlyMap<string, FieldInterface>): boolean {
  for (const [name, field] of fields) {
    const type = resolver.typeOfField(`${owner}${separator}${name}`, module, field);
    const lock = type?.kind === 'library' ? resolver.api(module.language, type.name)?.lock : undefined;
    if (lock?.domain === 'thread' && lock.type !== 'semaphore') return true;
  }
  return false;
}
