// Fields taken along: what a method has put into its object before it sends that object, or one of its methods, to another process.
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { nameOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import { type Obstacle, obstacleOf, saysHowItIsPickled, type Way } from './picklability';

/** Why the object of the method cannot be pickled at a point, by what the same method wrote into it before. */
export function obstacleInWrittenField(facts: Facts, fn: ResolvedFunction, sent: Value, point: number, way: Way): Obstacle | undefined {
  const { resolver } = facts.program;
  if (sent.kind !== 'place' || sent.place.root.kind !== 'receiver' || sent.place.path.length > 1) return undefined;
  const owner = fn.module.classKeys[sent.place.root.class];
  const bound = sent.place.path.length === 1;
  if (bound && resolver.typeOf(fn.module, fn.index, sent)?.kind !== 'function') return undefined;
  if (saysHowItIsPickled(facts, owner)) return undefined;
  const model = modelOf(fn);
  const around = enclosing(model);
  const last = new Map<string, number>();
  for (const [number, { kind, ...operation }] of model.operations.entries()) {
    if (number >= point) break;
    if (kind !== 'write' || !('place' in operation) || operation.place.root.kind !== 'receiver' || operation.place.path.length !== 1) continue;
    last.set(operation.place.path[0], number);
  }
  for (const [name, number] of last) {
    const operation = model.operations[number];
    const certain = (around.get(number) ?? []).every((outer) => (around.get(point) ?? []).some((other) => other.step === outer.step));
    if (operation.kind !== 'write' || operation.mode === 'delete' || !certain) continue;
    const found = obstacleOf(facts, fn.module, fn.index, operation.value, way);
    const what = found && `${nameOfKey(owner)}, whose field ${name} holds ${found.what}`;
    if (what) return { what: bound ? `a method takes its object along, and ${what}` : what, origin: found.origin ?? { function: fn.key, point: number } };
  }
  return undefined;
}
