// An annotation names a lock that is not there, so that it guards nothing.
import type { StrayAnnotation } from '../summary/cell-guards';
import { soundsLikeLock } from '../summary/cells';
import type { Facts } from '../summary/facts';
import type { FieldInterface, ModuleInterface } from '../summary/module-interface';
import type { Finding } from './finding';
import type { Condition, Rule } from './rule';

const hasStrays: Condition = (file, facts) => facts.stated.straysIn(file).length > 0;

export const guardAnnotationUnknown: Rule = {
  id: 'guard-annotation-unknown',
  family: 'shared-state',
  languages: ['python', 'typescript'],
  severity: 'information',
  subject: 'module',
  when: hasStrays,
  fixes: [],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (module) for (const stray of facts.stated.straysIn(file)) yield findingOf(stray, module, facts);
  },
};

function findingOf({ kind, site, lock, owner }: StrayAnnotation, module: ModuleInterface, facts: Facts): Finding {
  const there = [...(owner === undefined ? [] : locksOfClass(module, owner, facts)), ...locksIn(module.variables, `${module.file}:`, module, facts)];
  const where = owner === undefined ? 'this module' : `${module.classes[owner].name} or this module`;
  const effect = kind === 'guarded' ? 'guards nothing' : 'asks nothing of callers';
  return {
    rule: guardAnnotationUnknown.id,
    family: guardAnnotationUnknown.family,
    severity: guardAnnotationUnknown.severity,
    confidence: 0.8,
    site,
    message: `No lock ${lock}: the annotation names something that is not in ${where}, so that it ${effect}. ${there.length === 0 ? 'There is no lock here; make one, or name the one that is meant.' : `The locks here are ${there.join(', ')}.`}`,
    related: [],
    fixes: [],
  };
}

/** The locks that objects of a class keep, inherited ones included. */
function locksOfClass(module: ModuleInterface, owner: number, facts: Facts): string[] {
  const { resolver } = facts.program;
  return resolver.lineage(module.classKeys[owner]).flatMap((key) => {
    const found = resolver.moduleOfClass(key);
    return found ? locksIn(resolver.classAt(key)?.fields ?? new Map(), `${key}.`, found, facts) : [];
  });
}

/** The names of the fields or variables that hold a lock. */
function locksIn(fields: ReadonlyMap<string, FieldInterface>, prefix: string, module: ModuleInterface, facts: Facts): string[] {
  const { resolver } = facts.program;
  return [...fields].flatMap(([name, field]) => {
    const type = resolver.typeOfField(`${prefix}${name}`, module, field);
    const isLock = type?.kind === 'library' ? resolver.api(module.language, type.name)?.lock !== undefined : type === undefined && soundsLikeLock(name);
    return isLock ? [name] : [];
  });
}
