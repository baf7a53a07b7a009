// A thread or process is made and kept, but start() is never called, so that its work is never done.
import { methodOf } from '../model/calls';
import type { Facts } from '../summary/facts';
import { type ClassKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf, type ObjectLife } from './shared/object-life';
import { isStartable, wordFor } from './shared/startables';

export const threadNeverStarted: Rule = {
  id: 'thread-never-started',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['start-thread'],
  *check(file, facts) {
    for (const made of madeIn(file, facts, isStartable)) {
      const owner = classOf(made, facts);
      // current_thread() gives a thread too, but makes none.
      if (made.fn.calls.get(made.point)?.api?.kind === 'function' || made.call.outcome === 'returned' || (owner !== undefined && startsItself(owner, facts)))
        continue;
      const life = lifeOf(facts, made.fn.key, made.point);
      if (!isForgotten(life, facts)) continue;
      yield findingOf(made, life);
    }
  },
};

/** Nobody calls anything that starts it, and nobody else can. */
function isForgotten(life: ObjectLife, facts: Facts): boolean {
  if (life.escapes || life.entered || life.offered) return false;
  if (life.uses.some(({ name }) => !IDLE.test(name))) return false;
  return life.cells.every(({ key }) => facts.accessesOf(key).every((access) => fileOfKey(access.function) === fileOfKey(key)));
}

/** Methods that start nothing. */
const IDLE = /^(?:join|is_alive|isAlive|setDaemon|setName|getName|isDaemon|cancel|append|add|close|terminate|kill)$/;

/** A class whose own methods call start() or run(), or which is no plain thread any more. */
function startsItself(key: ClassKey, facts: Facts): boolean {
  const { resolver } = facts.program;
  return resolver.lineage(key).some((ancestor) => {
    const module = resolver.moduleOfClass(ancestor);
    const declared = resolver.classAt(ancestor);
    return Object.entries(declared?.methods ?? {}).some(
      ([name, index]) =>
        name === 'start' ||
        module?.module.functions[index].operations.some(
          (operation) =>
            operation.kind === 'call' &&
            operation.callee.kind === 'place' &&
            (methodOf(operation) === 'start' || operation.arguments.some(({ value }) => value.kind === 'place' && value.place.path.at(-1) === 'start')),
        ),
    );
  });
}

function classOf({ fn, call }: MadeObject, facts: Facts): ClassKey | undefined {
  const callee = facts.program.resolver.typeOf(fn.module, fn.index, call.callee);
  return callee?.kind === 'class' ? callee.class : undefined;
}

function findingOf(made: MadeObject, life: ObjectLife): Finding {
  const word = wordFor(made.api);
  const kept = life.cells[0] && nameOfKey(life.cells[0].key);
  const site = { function: made.fn.key, point: made.point };
  const isPublic = kept !== undefined && !/(?:^|\.)_[^.]*$/.test(kept) && !kept.includes('()');
  return {
    rule: threadNeverStarted.id,
    family: threadNeverStarted.family,
    severity: isPublic && modelOf(made.fn).class === undefined ? 'information' : threadNeverStarted.severity,
    confidence: isPublic ? 0.7 : 0.9,
    site,
    message: `This ${word} is never started${kept === undefined ? '' : `, though it is kept in ${kept}`}: making the object runs nothing yet, and no code calls its start(). Its work is silently left undone. Call start() on it, or leave it out.`,
    related: life.uses.slice(0, 4).map((use) => ({ site: use.site, message: `${use.name}() of it does not start it` })),
    fixes: [{ kind: 'start-thread', site }],
  };
}
