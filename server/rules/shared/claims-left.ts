// Claims left: where something that says "this is under way" stays although the work has failed, or was left early.
import { methodOf } from '../../model/calls';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { lockFaults } from '../../summary/lock-paths';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { actionsOn, type Claim, claimsOf, isGuardedIn, isMadeOnce } from './claims';
import { chainFrom, handingOf, innerFunctions, settledBy } from './inner-functions';

export interface ClaimLeft {
  readonly claim: Claim;
  readonly taken: Site;
  /** What fails, or where the function is left. */
  readonly at: Site;
  readonly given: Site;
  /** All places of the function that take it where it is given up; absent where something else may do so. */
  readonly gives?: readonly Site[];
  /** `exception`: it fails; `exit`: left early; `success`: given up only where a promise is fulfilled. */
  readonly how: 'exception' | 'exit' | 'success';
}

const KEEPS = /^_*(?:acquire|lock|enter|begin|start|open|claim|take|init|initialize|initialise|setup|connect|mount|show|enable|activate|register)/i;

/** All claims of a file that are left, at most one for each place. */
export function* claimsLeftIn(file: string, facts: Facts): Iterable<ClaimLeft> {
  const functions = facts.functionsIn(file).filter((fn) => fn.module.language === 'typescript');
  const rescued = rescuedIn(functions, facts);
  const told = new Set<string>();
  for (const fn of functions) {
    if (modelOf(fn).kind === 'constructor' || fn.index === 0) continue;
    for (const claim of claimsOf(fn, facts)) {
      if (claim.does !== 'take' || told.has(claim.key) || isOwnVariable(fn, claim.key)) continue;
      if (!isGuard(fn, claim, functions) || rescued.has(claim.key)) continue;
      const left = leftIn(fn, claim, facts) ?? leftInside(fn, claim, facts);
      if (!left) continue;
      told.add(claim.key);
      yield left;
    }
  }
}

/** A variable that each call of the function has anew. */
function isOwnVariable(fn: ResolvedFunction, key: string): boolean {
  return key.startsWith(`variable(${fn.index}:`);
}

/**
 * A count may be asked for anywhere. What else turns others away where it is taken, or where that is called: a flag that
 * is only looked at elsewhere may be meant to stay until somebody tries again.
 */
function isGuard(fn: ResolvedFunction, claim: Claim, functions: readonly ResolvedFunction[]): boolean {
  if (claim.kind === 'count') return functions.some((other) => isGuardedIn(other, claim.key));
  if (isMadeOnce(fn, claim)) return true;
  for (let at: ResolvedFunction | undefined = fn; at; ) {
    if (isGuardedIn(at, claim.key)) return true;
    const { parent }: { readonly parent?: number } = modelOf(at);
    at = parent === undefined ? undefined : functions.find((other) => other.index === parent);
  }
  if (claim.kind !== 'flag') return false;
  const callers = functions.filter((other) =>
    [...other.calls.values()].some((call) => [...call.targets, ...call.spawns.flatMap((spawn) => spawn.function ?? [])].includes(fn.key)),
  );
  return callers.length > 0 && callers.every((other) => isGuardedIn(other, claim.key));
}

/** What is given up by anything that runs when work has failed, wherever in the file. */
function rescuedIn(functions: readonly ResolvedFunction[], facts: Facts): ReadonlySet<string> {
  return new Set(
    functions.flatMap((fn) => {
      const handing = handingOf(fn, facts);
      const how = handing && settledBy(handing);
      if (how === 'failure' || how === 'always') return givenIn(fn, facts);
      // A catch block that gives it up, in another function than the one that takes it.
      const own = claimsOf(fn, facts);
      const around = enclosing(modelOf(fn));
      const taken = new Set(own.filter(({ does, point }) => does === 'take' && point < 1e9).map(({ key }) => key));
      const inHandler = ({ point }: Claim) => around.get(point)?.some((outer) => outer.kind === 'try' && outer.part === 'handler') ?? false;
      return own.filter((claim) => claim.does === 'give' && !taken.has(claim.key) && inHandler(claim)).map(({ key }) => key);
    }),
  );
}

/** What a function gives up, itself or through functions of the file that it calls. */
function givenIn(fn: ResolvedFunction, facts: Facts): readonly string[] {
  const given = (each: ResolvedFunction) => claimsOf(each, facts).flatMap((claim) => (claim.does === 'give' ? [claim.key] : []));
  const called = [...fn.calls.values()].flatMap((call) =>
    call.targets.flatMap((target) => {
      const other = facts.program.functions.get(target);
      return other && other.module.file === fn.module.file ? given(other) : [];
    }),
  );
  return [...given(fn), ...innerFunctions(fn, facts).flatMap(given), ...called];
}

/** In the function itself. */
function leftIn(fn: ResolvedFunction, claim: Claim, facts: Facts): ClaimLeft | undefined {
  const site = (point: Point): Site => ({ function: fn.key, point });
  const { operations } = modelOf(fn);
  const around = enclosing(modelOf(fn));
  const gives = claimsOf(fn, facts).filter((other) => other.key === claim.key && other.does === 'give' && other.point > claim.point);
  const outside = new Set((around.get(claim.point) ?? []).flatMap((outer) => (outer.kind === 'branch' ? [outer.step] : [])));
  const always = gives.filter(
    ({ point }) =>
      !around.get(point)?.some((outer) => (outer.kind === 'branch' && !outside.has(outer.step)) || (outer.kind === 'try' && outer.part === 'handler')),
  );
  const direct = gives.filter(({ point }) => !around.get(point)?.some((outer) => outer.kind === 'try' && outer.part === 'handler'));
  if (direct.length === 0) return undefined;
  // A call that is handed what gives it up, or that does so itself, counts as giving it up.
  const more = new Set<Point>();
  for (const [point, call] of fn.calls)
    if (
      call.targets.some((target) => {
        const other = facts.program.functions.get(target);
        return other !== undefined && other.key !== fn.key && claimsOf(other, facts).some((each) => each.key === claim.key && each.does === 'give');
      })
    )
      more.add(point);
  for (const fault of lockFaults(fn, (key) => facts.summaryOf(key), [], actionsOn(fn, claim.key, facts, more))) {
    if (!fault.paired || fault.taken !== claim.point) continue;
    const given = direct.find(({ point }) => point > fault.at) ?? direct[0];
    if (fault.kind === 'exception' && given.point > fault.at)
      return {
        claim,
        taken: site(claim.point),
        at: site(fault.at),
        given: site(given.point),
        how: 'exception',
        ...(more.size === 0 ? { gives: gives.map(({ point }) => site(point)) } : {}),
      };
    if (fault.kind !== 'exit' || operations[fault.at]?.kind !== 'return' || always.length === 0 || KEEPS.test(modelOf(fn).name)) continue;
    const last = always.find(({ point }) => point > fault.at);
    // What is handed back is the work itself, perhaps.
    if (last) return { claim, taken: site(claim.point), at: site(fault.at), given: site(last.point), how: 'exit' };
  }
  return undefined;
}

/** In a handler of a promise, or in a function that runs by itself from here on. */
function leftInside(fn: ResolvedFunction, claim: Claim, facts: Facts): ClaimLeft | undefined {
  const taken: Site = { function: fn.key, point: claim.point };
  const around = enclosing(modelOf(fn));
  for (const inner of innerFunctions(fn, facts)) {
    const give = claimsOf(inner, facts).find((other) => other.key === claim.key && other.does === 'give');
    const handing = give && handingOf(inner, facts);
    if (!give || !handing) continue;
    const given: Site = { function: inner.key, point: give.point };
    const how = settledBy(handing);
    if (how === 'success') {
      const on =
        handing.call.callee.kind === 'place' && handing.call.callee.place.root.kind === 'result'
          ? modelOf(handing.fn).operations[handing.call.callee.place.root.operation]
          : undefined;
      const caught = on?.kind === 'call' && methodOf(on) === 'catch';
      const handled = chainFrom(handing.fn, handing.point).some((point) => {
        const call = modelOf(handing.fn).operations[point];
        return call.kind === 'call' && call.arguments.some(({ value }, position) => value.kind === 'place' && (position > 0 || call !== handing.call));
      });
      const tried = (enclosing(modelOf(handing.fn)).get(handing.point) ?? []).some((outer) => outer.kind === 'try');
      if (!caught && !handled && !tried) return { claim, taken, at: { function: handing.fn.key, point: handing.point }, given, how: 'success' };
      continue;
    }
    if (how !== undefined || (!modelOf(inner).isAsync && handing.position < 0)) continue;
    for (const fault of lockFaults(inner, (key) => facts.summaryOf(key), [claim.key], actionsOn(inner, claim.key, facts))) {
      if (!fault.paired || give.point < fault.at) continue;
      const at: Site = { function: inner.key, point: fault.at };
      // Where its promise is waited for, whoever waits may see to it.
      if (
        fault.kind === 'exception' &&
        modelOf(inner).isAsync &&
        handing.position < 0 &&
        !isTried(around, handing.fn.key === fn.key ? handing.point : undefined)
      )
        return { claim, taken, at, given, how: 'exception' };
      if (
        fault.kind === 'exit' &&
        handing.position >= 0 &&
        modelOf(inner).operations[fault.at]?.kind === 'return' &&
        !enclosing(modelOf(inner))
          .get(give.point)
          ?.some((outer) => outer.kind === 'branch')
      )
        return { claim, taken, at, given, how: 'exit' };
    }
  }
  return undefined;
}

function isTried(around: ReturnType<typeof enclosing>, point: Point | undefined): boolean {
  return point !== undefined && (around.get(point) ?? []).some((outer) => outer.kind === 'try');
}
