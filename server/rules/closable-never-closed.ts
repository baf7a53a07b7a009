// An object that owns a pool or a thread and has a method to end it is made, and nobody calls that method.
import type { Facts } from '../summary/facts';
import { type ClassKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calledBy, cellsTouched, leavesToBase } from './shared/call-tree';
import { closingMethods, isSingleton } from './shared/closing-methods';
import { lifeOf } from './shared/object-life';

/** What ends work: of pools, of threads and timers, of processes. */
const ENDS =
  /^(?:concurrent\.futures\.\w+\.shutdown|multiprocessing\.pool\.\w+\.(?:close|terminate)|threading\.(?:Thread\.join|Timer\.cancel)|multiprocessing\.Process\.(?:join|terminate|kill)|asyncio\.Task\.cancel)$/;

export const closableNeverClosed: Rule = {
  id: 'closable-never-closed',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const key of facts.program.modules.get(file)?.functionKeys ?? []) {
      const fn = facts.program.functions.get(key);
      const model = fn && modelOf(fn);
      if (!fn || !model || model.kind === 'module' || model.class === undefined) continue;
      for (const point of fn.fresh) {
        const operation = model.operations[point];
        const made = operation?.kind === 'call' ? facts.program.resolver.typeOf(fn.module, fn.index, operation.callee) : undefined;
        if (made?.kind !== 'class' || fileOfKey(made.class) !== file) continue;
        const finding = leftOpen(key, point, made.class, facts);
        if (finding) yield finding;
      }
    }
  },
};

function leftOpen(maker: FunctionKey, point: number, made: ClassKey, facts: Facts): Finding | undefined {
  const end = endOf(made, facts);
  if (end === undefined) return undefined;
  const life = lifeOf(facts, maker, point);
  const field = life.cells.find((cell) => cell.owner !== undefined);
  if (!field?.owner || life.escapes || life.entered || life.common || life.offered || isSingleton(field.owner, facts)) return undefined;
  const names = new Set(closingMethods(made, facts).map((key) => nameOfKey(key).split('.').at(-1)!));
  if (life.uses.some((use) => names.has(use.name) || /^(?:join|cancel|terminate|kill)$/.test(use.name))) return undefined;
  const closing = closingMethods(field.owner, facts);
  if (closing.length === 0) return undefined;
  const ends = new Set(closing.flatMap((key) => [...calledBy(facts, key)]));
  if (leavesToBase(facts, ends) || cellsTouched(facts, ends).has(field.key)) return undefined;
  const [owner, part] = [nameOfKey(field.owner), nameOfKey(made)];
  return {
    rule: closableNeverClosed.id,
    family: closableNeverClosed.family,
    severity: closableNeverClosed.severity,
    confidence: 0.7,
    site: { function: maker, point },
    message: `Nobody ends this ${part}: it owns threads or processes until ${callOfKey(end)} is called, ${owner} keeps it in ${nameOfKey(field.key)}, and ${callOfKey(closing[0])} does not call that, so that each closed ${owner} leaves its workers behind. Call ${callOfKey(end)} there.`,
    related: [
      { site: { function: maker, point }, message: `${callOfKey(maker)} makes the ${part} here` },
      { site: { function: end, point: NAME }, message: `${callOfKey(end)} would end its workers` },
      { site: { function: closing[0], point: NAME }, message: `${callOfKey(closing[0])} ends the ${owner}, and leaves them running` },
    ],
    fixes: [],
  };
}

/** The method of a class that ends threads or a pool that its objects own. */
function endOf(key: ClassKey, facts: Facts): FunctionKey | undefined {
  // A thread that has a stop() of its own is the matter of the rule on threads that outlive their owner.
  if (facts.program.resolver.libraryBases(key).some((base) => /Thread$|Process$|Timer$/.test(base))) return undefined;
  return closingMethods(key, facts).find((method) =>
    [...calledBy(facts, method)].some((called) => facts.summaryOf(called)?.uses.some((use) => ENDS.test(use.api) && use.cell.owner === key)),
  );
}
