// Restoring steps: operations of a function that put back, at its end, what it changed before.
import { placeOf } from '../../model/calls';
import type { Operation } from '../../model/operation';
import { DOCUMENTED, MAIN, onOneLine, type RootId, rootParts } from '../../summary/contexts';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** Whether a point is where a function puts things back: in a finally, or behind the yield of a context manager. */
export function isRestoring(fn: ResolvedFunction, point: Point): boolean {
  const model = modelOf(fn);
  const around = enclosing(model).get(point) ?? [];
  if (around.some((each) => each.kind === 'try' && each.part === 'final')) return true;
  if (!model.decorators.some((decorator) => decorator.kind === 'place' && /contextmanager$/.test(nameOf(decorator.place.path.at(-1), decorator.place.root))))
    return false;
  return model.operations.some((operation, number) => operation.kind === 'yield' && number < point);
}

function nameOf(last: string | undefined, root: { readonly kind: string; readonly name?: string }): string {
  return last ?? root.name ?? '';
}

/** Whether a lock between threads is held at a point: taken around it by a with step, or by every caller. */
export function isUnderLock(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  if ((facts.contextOf(fn.key).entry ?? []).length > 0) return true;
  return (enclosing(modelOf(fn)).get(point) ?? []).some((each) => each.kind === 'with' && fn.withs[~each.point]?.lock !== undefined);
}

/** Two threads that can both be inside a function, whatever objects they have; undefined where there is one at a time. */
export function runsTwice(key: FunctionKey, facts: Facts): readonly [RootId, RootId] | undefined {
  const { roots, company } = facts.contextOf(key);
  const threads = roots.filter((root) => ['thread', 'timer'].includes(rootParts(root).kind));
  const many = threads.find((root) => rootParts(root).many);
  if (many !== undefined) return [many, many];
  const second = threads.find((root) => root !== threads[0] && !onOneLine(root, threads[0])) ?? (roots.includes(MAIN) ? MAIN : undefined);
  if (threads.length > 0 && second !== undefined) return [threads[0], second];
  return company.includes(DOCUMENTED) ? [DOCUMENTED, DOCUMENTED] : undefined;
}

/** What an operation is called in full, where it speaks of something imported: `os.chdir`, `sys.stdout`. */
export function importedName(operation: Operation): string | undefined {
  const place = operation.kind === 'read' ? undefined : placeOf(operation);
  if (place?.root.kind !== 'import') return undefined;
  return [place.root.specifier, place.root.name, ...place.path].filter((part) => part !== undefined).join('.');
}

/** `__enter__` of the class whose `__exit__` a function is. */
export function entering(exit: ResolvedFunction, facts: Facts): ResolvedFunction | undefined {
  const { name, class: owner } = modelOf(exit);
  if (name !== '__exit__' || owner === undefined) return undefined;
  const enter = facts.program.resolver.method(exit.module.classKeys[owner], '__enter__');
  return enter === undefined ? undefined : facts.program.functions.get(enter);
}
