// A pool of threads or processes is made and nobody ever shuts it down, so that its workers pile up or keep the program from ending.
import { MAIN } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { type ClassKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import type { Finding, Related, Severity } from './finding';
import type { FixIntent } from './fix-intent';
import type { Rule } from './rule';
import { closingMethods, isSingleton } from './shared/closing-methods';
import { type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf, type ObjectLife } from './shared/object-life';

const POOLS = /^(?:concurrent\.futures\.\w*Executor|multiprocessing\.pool\.(?:Thread)?Pool|loky\.\w*Executor|joblib\.externals\.loky\.\w*Executor)$/;
const CLOSES = /^(?:shutdown|close|terminate|stop|kill|join|aclose|dispose|cleanup|__exit__|__aexit__|_?shutdown\w*|_?terminate\w*)$/;

export const poolNeverShutDown: Rule = {
  id: 'pool-never-shut-down',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['use-pool-with', 'shut-pool-down', 'end-in-close'],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => POOLS.test(api))) {
      // A pool of the module itself lives as long as the program, as it should.
      if (made.fn.index === 0) continue;
      const life = lifeOf(facts, made.fn.key, made.point);
      if (life.escapes || life.entered || life.common || life.uses.some((use) => CLOSES.test(use.name))) continue;
      const finding = life.cells.length > 0 ? inField(made, life, facts) : inLocal(made, life, facts);
      if (finding) yield finding;
    }
  },
};

/** Kept in a field: as many pools as there are objects. */
function inField(made: MadeObject, life: ObjectLife, facts: Facts): Finding | undefined {
  const field = life.cells.find((cell) => cell.owner !== undefined);
  if (!field?.owner || fileOfKey(field.owner) !== made.fn.module.file) return undefined;
  if (life.cells.some((cell) => cell.owner === undefined)) return undefined;
  const owner: ClassKey = field.owner;
  const closing = closingMethods(owner, facts);
  const threads = isExecutor(made);
  if (isSingleton(owner, facts)) return undefined;
  const severity: Severity = !life.offered && (closing.length > 0 || !threads) ? 'warning' : 'information';
  const name = nameOfKey(owner);
  const gap = closing.length > 0 ? `${callOfKey(closing[0])} leaves it running` : `${name} has no method that does`;
  return finding(made, severity, {
    message: `Nobody shuts this ${kindOf(made)} down: each ${name} makes one for ${nameOfKey(field.key)}, and ${gap}. ${harmOf(made)} Shut it down in a method that whoever uses ${name} calls at the end, and make ${name} a context manager.`,
    related: [
      { site: { function: made.fn.key, point: made.point }, message: `${callOfKey(made.fn.key)} makes the pool here` },
      ...life.uses
        .slice(0, 3)
        .map((use): Related => ({ site: use.site, message: `${callOfKey(use.site.function)} calls ${use.name}() of it, which starts workers but ends none` })),
      ...closing.map((key): Related => ({ site: { function: key, point: NAME }, message: `${callOfKey(key)} ends the object, but not its pool` })),
    ],
    fixes: endingIn(made, closing),
  });
}

/** The end that others know by name is the one that `__exit__` should come to as well. */
function endingIn(made: MadeObject, closing: readonly FunctionKey[]): FixIntent[] {
  const end = closing.find((key) => !key.endsWith('__')) ?? closing[0];
  if (end === undefined) return [];
  const ending = isExecutor(made) ? ['shutdown'] : ['close', 'join'];
  return [{ kind: 'end-in-close', site: { function: made.fn.key, point: made.point }, closing: { function: end, point: NAME }, ending, awaited: false }];
}

/** Made anew on each call of a function. */
function inLocal(made: MadeObject, life: ObjectLife, facts: Facts): Finding | undefined {
  if (life.offered || life.uses.length === 0) return undefined;
  const { roots } = facts.contextOf(made.fn.key);
  const once = roots.length > 0 && roots.every((root) => root === MAIN);
  // The threads of an executor that nobody has any more end by themselves; those of a Pool do not.
  const severity: Severity = isExecutor(made) || once ? 'information' : 'warning';
  const who = callOfKey(made.fn.key);
  const site = { function: made.fn.key, point: made.point };
  return finding(made, severity, {
    message: `Nobody shuts this ${kindOf(made)} down: ${who} makes one on each call and leaves it when it returns. ${harmOf(made)} Use it in a with statement, or shut it down in a finally.`,
    related: life.uses
      .slice(0, 3)
      .map((use): Related => ({ site: use.site, message: `${use.name}() of the pool is called here; nothing after it shuts the pool down` })),
    fixes: [{ kind: 'use-pool-with', site, executor: isExecutor(made) }, ...(isExecutor(made) ? [{ kind: 'shut-pool-down', site } as const] : [])],
  });
}

function finding(made: MadeObject, severity: Severity, rest: Pick<Finding, 'message' | 'related' | 'fixes'>): Finding {
  const { id, family } = poolNeverShutDown;
  return {
    rule: id,
    family,
    severity,
    confidence: severity === 'warning' ? 0.75 : 0.5,
    site: { function: made.fn.key, point: made.point },
    ...rest,
  };
}

function isExecutor(made: MadeObject): boolean {
  return !/\.(?:Thread)?Pool$/.test(made.api);
}

function kindOf(made: MadeObject): string {
  return /Process|\.Pool$/.test(made.api) ? 'pool of processes' : 'pool of threads';
}

function harmOf(made: MadeObject): string {
  return isExecutor(made)
    ? 'Idle workers stay until the pool is collected or the program ends, and the program waits for whatever is still queued.'
    : 'Its workers are not ended when the pool is forgotten: they pile up, and the program can hang when it ends.';
}
