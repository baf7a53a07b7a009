// One generator is advanced by several threads: while one is inside it, the others get a ValueError.
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { iterationsOf } from './iterations';
import type { Rule } from './rule';
import { isUnguarded, meetingOf, sharedAccesses, weigh } from './shared-access';
import { startsOf, traceOf, whoMeets, whyTheyMeet } from './shared-access-traces';

export const sharedGenerator: Rule = {
  id: 'shared-generator',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  repaired: false,
  *check(cell, facts) {
    const accesses = sharedAccesses(cell, facts);
    if (accesses.length === 0 || !holdsGenerator(accesses[0], facts)) return;
    const looped = new Set([...iterationsOf(accesses, facts)].map(({ access }) => `${access.function} ${access.point}`));
    const advances = accesses.filter((access) => isUnguarded(access, facts) && (looped.has(`${access.function} ${access.point}`) || isAdvanced(access, facts)));
    for (const one of advances) {
      const other = advances.find((each) => meetingOf(one, each, facts));
      const meeting = other && meetingOf(one, other, facts);
      if (!other || !meeting || meeting.by === 'locking') continue;
      const place = nameOfKey(cell);
      yield {
        rule: sharedGenerator.id,
        family: sharedGenerator.family,
        ...weigh(meeting, one),
        site: { function: one.function, point: one.point },
        message: `${place} is a generator that several threads advance: while ${whoMeets(meeting)} ${meeting.roots[0] === meeting.roots[1] ? 'are' : 'is'} inside it, whoever asks it for the next value gets “ValueError: generator already executing”. ${whyTheyMeet(meeting)} Hold one lock around each next(), or use a queue or itertools.count().`,
        related: [
          ...traceOf(one, place, `thread A: ${callOfKey(one.function)} runs the generator on to its next value`, facts),
          ...startsOf(meeting.roots, facts),
          ...traceOf(other, place, 'thread B: asks for the next value meanwhile', facts),
        ],
        fixes: [],
      };
      return;
    }
  },
};

/** Whether what is put in the place is what a generator function of the workspace gives. */
function holdsGenerator({ cell, function: key }: CellAccess, facts: Facts): boolean {
  const { resolver, functions, modules } = facts.program;
  const fn = functions.get(key);
  if (!fn) return false;
  const module = cell.owner === undefined ? modules.get(cell.key.slice(0, cell.key.lastIndexOf(':'))) : resolver.moduleOfClass(cell.owner);
  const field =
    cell.owner === undefined
      ? module?.variables.get(cell.key.slice(cell.key.lastIndexOf(':') + 1))
      : resolver.classAt(cell.owner)?.fields.get(cell.key.slice(cell.owner.length + 1));
  if (!module || !field) return false;
  return field.values.some(({ value, function: scope }) => {
    if (value.kind !== 'place' || value.place.root.kind !== 'result' || value.place.path.length > 0) return false;
    const call = module.module.functions[scope].operations[value.place.root.operation];
    const callee = call?.kind === 'call' ? resolver.typeOf(module, scope, call.callee) : undefined;
    const target = callee?.kind === 'function' ? resolver.functionAt(callee.function) : undefined;
    const made = target?.module.module.functions[target.index];
    return made !== undefined && made.isGenerator && !made.isAsync;
  });
}

/** `next(self._ids)`, `self._ids.send(x)`. */
function isAdvanced(access: CellAccess, facts: Facts): boolean {
  const { operations } = modelOf(facts.program.functions.get(access.function)!);
  return operations.some((operation) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !operation.depends.includes(access.point)) return false;
    const { root, path } = operation.callee.place;
    return (root.kind === 'global' && root.name === 'next' && path.length === 0) || /^(?:send|__next__|throw)$/.test(path.at(-1) ?? '');
  });
}
