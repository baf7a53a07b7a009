// The roots of a report: everything that starts running beside the main program, where it is started and how often.

import type { ApiEntry } from '../model/library';
import type { Language } from '../model/module';
import { CALLER, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { byKey, groupBy } from '../summary/grouping';
import { type FunctionKey, fileOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf } from '../summary/resolved';
import { loopAround } from '../summary/structure';
import { byPlace, namedRoot, placeIn, placeOf, type ReportInput, shownName } from './report-input';
import type { ConcurrencyStyle, ReportRoot } from './workspace-report';

/** All roots, sorted by id. */
export function reportRoots(input: ReportInput): ReportRoot[] {
  return [...functionRoots(input), ...otherRoots(input)].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function functionRoots(input: ReportInput): ReportRoot[] {
  const { facts } = input;
  const reached = new Map<string, number>();
  for (const { roots } of facts.program.contexts.values()) {
    // Of roots that a person takes for one, a function counts once.
    for (const id of new Set(roots.filter((root) => root !== CALLER).map((root) => namedRoot(root).id))) reached.set(id, (reached.get(id) ?? 0) + 1);
  }
  const all = new Set([...facts.program.contexts.values()].flatMap(({ roots }) => roots));
  const started = [...all].filter((root) => rootParts(root).function !== undefined);
  return [...groupBy(started, (root) => namedRoot(root).id)].map(([id, roots]): ReportRoot => {
    const { kind, function: key } = rootParts(roots[0]);
    const many = roots.some((root) => rootParts(root).many);
    const starts = startsOf(input, key!, kind);
    const why = many ? whySeveral(input, key!, kind, starts) : undefined;
    return {
      id,
      kind,
      style: styleOf(kind, facts.languageOf(fileOfKey(key!))),
      runs: 'function',
      name: shownName(key!),
      many,
      ...(why === undefined ? {} : { why }),
      location: placeOf(input, { function: key!, point: NAME }),
      starts,
      reaches: reached.get(id) ?? 0,
    };
  });
}

/** Kinds of which one is worth telling though it is not known what runs. */
const TOLD_UNKNOWN = new Set(['thread', 'process', 'worker', 'task']);

/** The start of something of which it is not known what it runs. */
interface UnknownStart extends Site {
  /** Of the root. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly many: boolean;
  readonly api: ApiEntry;
}

/** Where pools, workers in files of their own, and threads and the like are started of which the analysis does not know what they run. */
export function unknownStarts(facts: Facts): UnknownStart[] {
  return [...facts.program.summaries].flatMap(([key, { spawns }]) =>
    spawns.flatMap(({ as, function: target, point, many }, index) => {
      const api = facts.program.functions.get(key)?.calls.get(point)?.api;
      // `start()` only begins what a constructor has told of.
      if (target !== undefined || !api || !TOLD_UNKNOWN.has(as) || api.name.endsWith('.start')) return [];
      return [{ id: `${key}:${as} ${index}`, kind: as, name: api.name.slice(api.name.lastIndexOf('.') + 1), many, api, function: key, point }];
    }),
  );
}

function otherRoots(input: ReportInput): ReportRoot[] {
  return unknownStarts(input.facts).map(({ id, kind, name, many, api, function: key, point }): ReportRoot => {
    const start = placeIn(input, key, point);
    return {
      id,
      kind,
      style: styleOf(kind, input.facts.languageOf(start.file)),
      runs: many && api.kind === 'class' ? 'jobs' : 'unknown',
      name,
      many,
      ...(many ? { why: `${api.name} makes several` } : {}),
      location: { file: start.file, range: start.range },
      starts: [{ ...start, by: api.name }],
      reaches: 0,
    };
  });
}

/** Timers of Python have a thread of their own; JavaScript's are events like all others. */
function styleOf(kind: string, language: Language | undefined): ConcurrencyStyle {
  if (kind === 'thread' || (kind === 'timer' && language === 'python')) return 'threads';
  if (kind === 'process') return 'processes';
  if (kind === 'worker') return 'workers';
  return kind === 'task' ? 'tasks' : 'events';
}

function startsOf(input: ReportInput, target: FunctionKey, kind: string): ReportRoot['starts'] {
  return byKey(input.facts.program.spawners.get(target))
    .flatMap(([spawner, sites]) =>
      sites
        .filter((site) => site.as === kind)
        .map(({ point }) => {
          const by = input.facts.program.functions.get(spawner)?.calls.get(point)?.api?.name;
          return { ...placeIn(input, spawner, point), ...(by === undefined ? {} : { by }) };
        }),
    )
    .sort(byPlace);
}

function whySeveral({ facts }: ReportInput, target: FunctionKey, kind: string, starts: ReportRoot['starts']): string {
  const sites = byKey(facts.program.spawners.get(target)).flatMap(([spawner, all]) =>
    all.filter((site) => site.as === kind).map((site) => ({ spawner, site })),
  );
  const inLoop = sites.some(({ spawner, site }) => {
    const fn = facts.program.functions.get(spawner);
    return fn !== undefined && site.point >= 0 && loopAround(modelOf(fn), site.point) !== undefined;
  });
  if (inLoop) return 'started in a loop';
  if (sites.some(({ site }) => site.many)) return starts[0]?.by === undefined ? 'started many times' : `${starts[0].by} runs it many times`;
  if (sites.length > 1) return `started in ${sites.length} places`;
  return sites.length === 0 ? 'the library runs it for each request or event' : 'what starts it runs many times';
}
