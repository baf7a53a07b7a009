// Waiting others: who is kept waiting when a function of JavaScript stops its event loop, and how it comes to run there.
import { placeOf } from '../../model/calls';
import { CALLER, MAIN, type RootId, rootParts } from '../../summary/contexts';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import type { ModuleInterface } from '../../summary/module-interface';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/**
 * `requests`: those who are served besides; `events`: other listeners and timers of what looks like a program that stays;
 * `callers`: whoever has begun other work beside an async function.
 */
export type Others = 'requests' | 'events' | 'callers';

export interface Audience {
  readonly others: Others;
  /** What runs again and again and comes to the function; undefined for callers. */
  readonly root?: FunctionKey;
  /** That is a timer. */
  readonly timed?: boolean;
}

/** Who waits meanwhile; undefined where nothing says that anybody does: at start-up, in scripts and build tools, in workers, at exit. */
export function audienceOf(fn: ResolvedFunction, facts: Facts): Audience | undefined {
  if (isTool(fn.module)) return undefined;
  const { roots, seldom, offLoop } = facts.contextOf(fn.key);
  const coming = roots.filter((root) => !seldom.includes(root) && rootParts(root).serves !== 'nobody');
  const served = coming.find((root) => rootParts(root).serves === 'others');
  if (served !== undefined) return { others: 'requests', root: rootParts(served).function };
  if (isScript(fn.module)) return undefined;
  const events = coming.filter(isAgain).map(rootParts);
  const event = events.find(({ kind }) => kind === 'timer') ?? events[0];
  if (event) return { others: 'events', root: event.function, timed: event.kind === 'timer' };
  const awaited = coming.includes(CALLER) && !coming.includes(MAIN) && (modelOf(fn).isAsync || !offLoop.includes(CALLER));
  return awaited ? { others: 'callers' } : undefined;
}

/** Listeners and timers that are called again and again, but not those that a script sets up while it is loaded. */
function isAgain(root: RootId): boolean {
  const { kind, many, function: key, serves } = rootParts(root);
  if (serves !== undefined || !many || key === undefined) return false;
  return kind === 'timer' || (kind === 'callback' && !/#lambda-\d+$/.test(key));
}

/** What is loaded to build, test or bundle serves nobody. */
const TOOLS =
  /^(?:vite|vitest|rollup|webpack|esbuild|gulp|grunt|parcel|metro|tsup|jest|mocha|@babel\/core|@rspack\/core|rspack|snowpack|@vitejs\/|@rollup\/|@parcel\/(?!watcher)|@playwright\/test|cypress|nx|@nx\/|@angular-devkit\/|@docusaurus\/|eleventy|@11ty\/|gatsby|prettier|eslint|@typescript-eslint\/|typescript$|unplugin)/;
/** What only command lines use. */
const COMMANDS =
  /^(?:commander|yargs|yargs\/yargs|meow|cac|sade|clipanion|citty|@oclif\/|oclif|inquirer|@inquirer\/|enquirer|prompts|ora|listr2?|@clack\/|chalk|kleur|picocolors|minimist|mri|arg|command-line-args|zx|shelljs|cli-progress|boxen|figlet|gluegun|caporal|ink|blessed|terminal-kit)(?:$|\/)/;

function isTool({ specifiers }: ModuleInterface): boolean {
  return specifiers.some((specifier) => TOOLS.test(specifier));
}

/** Whether a file belongs to a command line: it uses what those use, or asks for the arguments of the process. */
function isScript(module: ModuleInterface): boolean {
  if (module.specifiers.some((specifier) => COMMANDS.test(specifier))) return true;
  return module.module.functions.some(({ operations }) =>
    operations.some((operation) => {
      const place = operation.kind === 'write' ? undefined : placeOf(operation);
      return (
        place?.root.kind === 'global' && place.root.name === 'process' && (place.path[0] === 'argv' || (place.path[0] === 'exit' && operation.kind === 'call'))
      );
    }),
  );
}

/** One function on the way from a root to a function, and where the way goes on. */
export interface WayStep {
  readonly function: FunctionKey;
  readonly point: Point;
}

const LONGEST_WAY = 10;

/** The shortest way of calls from a root to a function, without those that happen once; empty where it is the root itself. */
export function wayFrom(root: FunctionKey, to: FunctionKey, facts: Facts): readonly WayStep[] {
  const next = new Map<FunctionKey, WayStep | undefined>([[to, undefined]]);
  let layer = [to];
  for (let depth = 0; depth < LONGEST_WAY && layer.length > 0 && !next.has(root); depth++) {
    const before: FunctionKey[] = [];
    for (const key of layer) {
      for (const [caller, sites] of facts.program.callers.get(key) ?? []) {
        const site = sites.find((each) => !each.kept);
        if (!site || next.has(caller)) continue;
        next.set(caller, { function: key, point: site.point });
        before.push(caller);
      }
    }
    layer = before;
  }
  const way: WayStep[] = [];
  for (let at = root, step = next.get(at); step; at = step.function, step = next.get(at)) way.push({ function: at, point: step.point });
  return way;
}
