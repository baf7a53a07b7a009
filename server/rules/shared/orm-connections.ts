// ORM connections: repositories and models that ask the same database as a transaction, under a name of their own.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { holdersOf, type Mapper } from './held-resources';

const ASKS_MODEL =
  /^(?:create|bulkCreate|update|destroy|upsert|increment|decrement|restore|truncate|count|sum|max|min|find(?:All|One|ByPk|OrCreate|CreateFind|AndCountAll)?)$/;

/** The mapper of the object that a transaction is begun on. */
export function mapperOf(fn: ResolvedFunction, place: Place, facts: Facts): Mapper | undefined {
  const type = typeName(fn, place, facts);
  if (/^typeorm\./.test(type ?? '')) return 'typeorm';
  const name = place.path.at(-1) ?? ('name' in place.root ? place.root.name : undefined);
  return type === 'sequelize.Sequelize' || type === 'sequelize-typescript.Sequelize' || (type === undefined && name === 'sequelize') ? 'sequelize' : undefined;
}

/** Whether a call goes through a repository or a model of the mapper, on a connection that it chooses itself. */
export function asksMapper(fn: ResolvedFunction, call: Call, point: Point, mapper: Mapper, facts: Facts): boolean {
  const [holder] = holdersOf(call);
  if (!holder) return false;
  if (mapper === 'typeorm') return isKept(holder) && /^typeorm\.(?:\w*Repository|EntityManager|DataSource)$/.test(typeName(fn, holder, facts) ?? '');
  const method = methodOf(call);
  return ASKS_MODEL.test(method) && !hasOtherOptions(call, method) && isModel(fn, holder, point, facts);
}

/** Options that do not stand there as a literal may name the transaction. */
function hasOtherOptions(call: Call, method: string): boolean {
  const plain = call.arguments.filter(({ name }) => name === undefined);
  const options = plain[/^(?:find(?!ByPk)|count|destroy|restore|truncate)/.test(method) ? 0 : 1];
  return options !== undefined && (options.value.kind !== 'collection' || call.arguments.length === plain.length);
}

/** A field, or a variable of the module: what a transaction has given stands in a parameter or a local variable. */
function isKept({ root, path }: Place): boolean {
  return (root.kind === 'receiver' && path.length > 0) || root.kind === 'module' || root.kind === 'import';
}

/** A class of a model of Sequelize: one of the file, or one that is imported from the project. */
function isModel(fn: ResolvedFunction, place: Place, point: Point, facts: Facts): boolean {
  const { resolver } = facts.program;
  const type = resolver.typeOf(fn.module, fn.index, { kind: 'place', place });
  if (type?.kind === 'class') return resolver.libraryBases(type.class).some((base) => /^sequelize(?:-typescript)?\.Model$/.test(base));
  if (fn.calls.get(point)?.api !== undefined || type) return false;
  const { root, path } = place;
  const specifier = root.kind === 'import' ? root.specifier : undefined;
  const name = path.at(-1) ?? ('name' in root ? root.name : undefined);
  return specifier !== undefined && specifier.startsWith('.') && /^[A-Z][a-z]/.test(name ?? '');
}

function typeName(fn: ResolvedFunction, place: Place, facts: Facts): string | undefined {
  const type = facts.program.resolver.typeOf(fn.module, fn.index, { kind: 'place', place });
  return type?.kind === 'library' || type?.kind === 'container' ? type.name : undefined;
}
