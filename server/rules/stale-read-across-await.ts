// A value read before an await decides or makes up what is written after it, although another call may have changed it meanwhile.
import { CALLER, MAIN, rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { ResolvedFunction } from '../summary/resolved';
import type { StaleWrite } from '../summary/summary';
import type { Finding, FixIntent } from './finding';
import { MAKES } from './makes';
import type { Rule } from './rule';

export const staleReadAcrossAwait: Rule = {
  id: 'stale-read-across-await',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'function',
  repaired: true,
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const summary = facts.summaryOf(key);
    if (!fn || !summary || summary.staleWrites.length === 0) return;
    if ((facts.contextOf(key).entry?.length ?? 0) > 0) return;
    const told = new Set<string>();
    for (const stale of summary.staleWrites) {
      const access = summary.accesses.find((candidate) => candidate.point === stale.write && candidate.cell.key === stale.cell.key);
      const reason = access && inFlightTwice(fn, { ...access, function: key }, facts);
      if (stale.constant || reason === undefined || told.has(stale.cell.key)) continue;
      told.add(stale.cell.key);
      yield findingOf(fn, stale, reason.text, weigh(stale, reason.known, fn, facts));
    }
  },
};

function findingOf(fn: ResolvedFunction, stale: StaleWrite, reason: string, weight: Pick<Finding, 'severity' | 'confidence'>): Finding {
  const place = nameOfKey(stale.cell.key);
  const name = callOfKey(fn.key);
  const at = (point: number) => ({ function: fn.key, point });
  const byValue = stale.by === 'value';
  return {
    rule: staleReadAcrossAwait.id,
    family: staleReadAcrossAwait.family,
    ...weight,
    site: at(stale.write),
    message: byValue
      ? `Lost update: ${place} is written from a value read before the await: while ${name} waits, another call can change ${place}, and this write throws that change away. ${reason} Read it again after the await, or hold a lock around both.`
      : `Check-then-act: ${place} is written because of a check made before the await: while ${name} waits, another call passes the same check, and both write ${place}. ${reason} Store the promise or task before waiting and let later calls await that, or check again after the await.`,
    related: [
      { site: at(stale.read), message: `First call: ${byValue ? 'reads' : 'checks'} ${place}` },
      {
        site: at(stale.awaited),
        message: `First call: waits here; a second call ${byValue ? 'reads and writes' : 'passes the check and writes'} ${place} meanwhile`,
      },
      { site: at(stale.write), message: `First call: writes ${place}, ${byValue ? 'and the second call’s change is lost' : 'a second time'}` },
    ],
    fixes: fixesOf(fn, stale),
  };
}

/**
 * Whether filling a field twice does harm. A value that every caller would fill in alike (a version, a module) is read
 * twice and that is all; it is another matter where others write the field too, meanwhile.
 */
function doesHarm(stale: StaleWrite, fn: ResolvedFunction, facts: Facts): boolean {
  if (stale.called !== undefined && MAKES.test(stale.called)) return true;
  // Two equal strings are as good as one; of two objects one is left over.
  const declared = declaredType(stale, fn);
  if (declared !== undefined) return !PRIMITIVE.test(declared) || facts.isWrittenElsewhere(stale.cell.key, fn.key);
  // A memory by key is written elsewhere under other keys.
  return !stale.cell.element && facts.isWrittenElsewhere(stale.cell.key, fn.key);
}

const PRIMITIVE = /^(?:string|number|boolean|bigint|str|int|float|bool|bytes)$/;

/** The name of the type that a field or module variable of the same file is declared with. */
function declaredType(stale: StaleWrite, fn: ResolvedFunction): string | undefined {
  if (stale.cell.element) return undefined;
  const name = stale.cell.key.slice(Math.max(stale.cell.key.lastIndexOf('.'), stale.cell.key.lastIndexOf(':')) + 1);
  const owner = fn.module.classes.find((declared) => declared.key === stale.cell.owner);
  const annotation = (owner ? owner.fields : fn.module.variables).get(name)?.annotation;
  return annotation && (annotation.place.path.at(-1) ?? ('name' in annotation.place.root ? annotation.place.root.name : undefined));
}

/**
 * An update that is lost is a fault wherever two calls can meet. A check that lets two in is one where it does harm, and
 * a guess where nothing in the workspace makes two calls: most such functions are called once, at the start.
 */
function weigh(stale: StaleWrite, known: boolean, fn: ResolvedFunction, facts: Facts): Pick<Finding, 'severity' | 'confidence'> {
  if (stale.by === 'value') return { severity: staleReadAcrossAwait.severity, confidence: known ? 0.9 : 0.7 };
  if (!doesHarm(stale, fn, facts)) return { severity: 'hint', confidence: 0.3 };
  return known ? { severity: staleReadAcrossAwait.severity, confidence: 0.8 } : { severity: 'information', confidence: 0.5 };
}

/** Why two calls of a function can be under way at a time, and whether the workspace shows it; undefined where nothing does. */
interface Reason {
  readonly text: string;
  readonly known: boolean;
}

function inFlightTwice(fn: ResolvedFunction, access: CellAccess, facts: Facts): Reason | undefined {
  const model = fn.module.module.functions[fn.index];
  if (!model.isAsync || model.kind === 'module') return undefined;
  const roots = facts.rootsOf(access);
  const many = roots.find((root) => rootParts(root).many && facts.sharesRuns(access, root));
  if (many !== undefined) return { text: `Several run at a time: ${callOfKey(rootParts(many).function ?? fn.key)} is started more than once.`, known: true };
  const started = roots.filter((root) => root !== MAIN && root !== CALLER);
  if (started.length > 1) return { text: 'Two tasks reach it.', known: true };
  if (fn.module.language === 'python') return ownsTaskLock(fn, facts);
  // In JavaScript whoever may call it may call it again before the first call is done.
  if (roots.includes(CALLER) && isOffered(fn, facts))
    return { text: 'Nothing keeps its callers from calling it again before the first call is done.', known: false };
  return undefined;
}

/** A class that keeps a lock between tasks expects several of them. */
function ownsTaskLock(fn: ResolvedFunction, facts: Facts): Reason | undefined {
  const { resolver } = facts.program;
  const index = fn.module.module.functions[fn.index].class;
  const owner = index === undefined ? undefined : fn.module.classes[index];
  const lock = [...(owner?.fields ?? [])].find(([name, field]) => {
    const type = resolver.typeOfField(`${owner!.key}.${name}`, fn.module, field);
    return type?.kind === 'library' && resolver.api(fn.module.language, type.name)?.lock?.domain === 'task';
  });
  return lock && { text: `The lock ${owner!.name}.${lock[0]} shows that several tasks are meant to call it.`, known: true };
}

/** A function that the module exports, or a public method of a class that it exports or keeps an instance of. */
function isOffered(fn: ResolvedFunction, facts: Facts): boolean {
  const { module } = fn.module;
  const model = module.functions[fn.index];
  const exported = new Set(module.exports.map((item) => item.local ?? item.name));
  if (model.class === undefined) return exported.has(model.name);
  const owner = fn.module.classes[model.class];
  if (exported.has(owner.name)) return true;
  return Object.keys(fn.module.bindings).some((name) => {
    const type = facts.program.resolver.typeOf(fn.module, 0, { kind: 'place', place: { root: { kind: 'module', name }, path: [] } });
    return type?.kind === 'instance' && type.class === owner.key;
  });
}

/** Where read, await and write are one statement, waiting first makes the read fresh. */
function fixesOf(fn: ResolvedFunction, stale: StaleWrite): FixIntent[] {
  const { operations } = fn.module.module.functions[fn.index];
  const statement = operations[stale.write].statement;
  if (stale.by !== 'value' || operations[stale.read].statement !== statement || operations[stale.awaited].statement !== statement) return [];
  if (operations.filter((operation) => operation.statement === statement && operation.kind === 'await').length !== 1) return [];
  return [
    { kind: 'hoist-await', statement: { function: fn.key, point: stale.write }, awaited: { function: fn.key, point: stale.awaited }, safety: 'suggestion' },
  ];
}
