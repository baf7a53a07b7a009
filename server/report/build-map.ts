// Building the map out of the program's facts: which nodes there are, and the edges between them.
import { rootParts } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey, groupBy } from '../summary/grouping';
import { type CellKey, callOfKey, type FunctionKey, fileOfKey, isClaim, isNamed, type LockKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { edgeId } from '../summary/lock-order';
import { NAME } from '../summary/points';
import type { Acquisition } from '../summary/summary';
import { type ShownCalls, shownCalls } from './map-calls';
import { MapDraft, nameOfFile } from './map-draft';
import { namedRoot, type ReportInput } from './report-input';
import type { ReportMap } from './report-map';
import { unknownStarts } from './report-roots';
import type { ReportedFinding } from './reported-finding';
import { type SharedPlace, sharedPlace } from './shared-place';

/** The map of everything that the facts know, and of the findings that stand there. */
export function buildMap(input: ReportInput, findings: readonly ReportedFinding[]): ReportMap {
  const { facts } = input;
  const draft = new MapDraft(input, findings);
  const roots = startedRoots(facts);
  const places = facts.cellKeys().flatMap((cell) => sharedPlace(cell, facts) ?? []);
  const locks = takenLocks(facts);
  const matter = new Set<FunctionKey>([
    ...roots.flatMap(({ key, starts }) => [...(key === undefined ? [] : [key]), ...starts.map((site) => site.function)]),
    ...places.flatMap(({ accesses }) => accesses.map((access) => access.function)),
    ...locks.flatMap(([, taken]) => taken.map((site) => site.function)),
  ]);
  const bodies = [...facts.program.modules.values()].map((module) => module.functionKeys[0]);
  const calls = shownCalls(matter, bodies, facts);

  addRoots(roots, calls, draft);
  for (const key of [...calls.keys()].sort()) addFunction(key, draft, facts);
  for (const place of places) addPlace(place, draft, facts);
  for (const [lock, taken] of locks) addLock(lock, taken, draft, facts);

  for (const { id, key, starts } of roots) {
    if (key !== undefined) draft.addEdge('runs', id, functionId(key));
    for (const start of starts) draft.addEdge('starts', functionId(start.function), id);
  }
  for (const [from, targets] of calls) {
    for (const [to, between] of targets) draft.addEdge('calls', functionId(from), functionId(to), between > 0 ? { between } : {});
  }
  for (const place of places) addAccesses(place, draft, facts);
  for (const [lock, taken] of locks) for (const site of taken) draft.addEdge('takes', functionId(site.function), `lock ${lock}`);
  addOrder(draft, facts);
  return draft.finish();
}

/** A function's name in the map; a root may have it as an alias. */
function functionId(key: FunctionKey): string {
  return `function ${key}`;
}

interface StartedRoot {
  /** Of its node. */
  readonly id: string;
  /** The function that it runs, where that is known. */
  readonly key?: FunctionKey;
  readonly label: string;
  readonly runs: string;
  readonly many: boolean;
  readonly starts: readonly Site[];
}

/** Every root, as the report's list has them. */
function startedRoots(facts: Facts): StartedRoot[] {
  const all = new Set([...facts.program.contexts.values()].flatMap(({ roots }) => roots));
  const started = [...all].filter((root) => rootParts(root).function !== undefined);
  const known = byKey(groupBy(started, (root) => namedRoot(root).id)).map(([id, roots]) => {
    const { kind, function: key } = rootParts(roots[0]);
    const starts = byKey(facts.program.spawners.get(key!)).flatMap(([spawner, sites]) =>
      sites.filter((site) => site.as === kind).map(({ point }) => ({ function: spawner, point })),
    );
    return { id: `root ${id}`, key: key!, label: labelOf(key!), runs: kind, many: roots.some((root) => rootParts(root).many), starts };
  });
  const unknown = unknownStarts(facts).map(({ id, kind, name, many, function: key, point }) => {
    return { id: `root ${id}`, label: name, runs: kind, many, starts: [{ function: key, point }] };
  });
  return [...known, ...unknown].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function addRoots(roots: readonly StartedRoot[], calls: ShownCalls, draft: MapDraft): void {
  const called = new Set([...calls.values()].flatMap((targets) => [...targets.keys()]));
  const rootsOf = groupBy(roots, ({ key }) => key);
  for (const { id, key, label, runs, many, starts } of roots) {
    const site = key === undefined ? starts[0] : { function: key, point: NAME };
    draft.addNode({ kind: 'root', runs, ...(many ? { many } : {}), id, label }, site.function, site, starts);
    // A function that is run in one way alone is that root.
    if (key !== undefined && rootsOf.get(key)!.length === 1 && !called.has(key)) draft.alias(id, functionId(key));
  }
}

function addFunction(key: FunctionKey, draft: MapDraft, facts: Facts): void {
  const id = functionId(key);
  if (!draft.has(id)) {
    const isBody = facts.program.functions.get(key)?.index === 0;
    const label = isBody ? nameOfFile(fileOfKey(key)) : labelOf(key);
    draft.addNode({ kind: 'function', ...(isBody ? { isBody } : {}), id, label }, key, { function: key, point: NAME });
  }
  draft.noteFindings(id, key);
}

/** A function's name, without the numbers of nameless functions around it. */
function labelOf(key: FunctionKey): string {
  return callOfKey(key).replace(/\(\)|\.lambda-\d+(?=\.)/g, '');
}

/** Where each lock is taken that has a name and is not made anew for every call. */
function takenLocks(facts: Facts): [LockKey, (Acquisition & Site)[]][] {
  const taken = byKey(facts.program.summaries).flatMap(([key, { acquisitions }]) => acquisitions.map((each) => ({ ...each, function: key })));
  const locks = groupBy(
    taken.filter(({ lock }) => isNamed(lock.key) && !lock.perCall),
    ({ lock }) => lock.key,
  );
  return byKey(locks);
}

/** Where a variable or field gets its first value, as far as that is seen. */
function declarationOf(cell: CellKey, facts: Facts): Site | undefined {
  const writes = facts.accessesOf(cell).filter((access) => access.write);
  return writes.find((access) => access.owned || access.function.endsWith('#module')) ?? writes[0];
}

function addPlace({ cell, accesses, guard, isStated }: SharedPlace, draft: MapDraft, facts: Facts): void {
  const guarded = guard === undefined ? {} : { guard: nameOfKey(guard), ...(isStated ? { isStated } : {}) };
  const declared = declarationOf(cell, facts) ?? accesses[0];
  draft.addNode({ kind: 'place', ...guarded, id: `place ${cell}`, label: nameOfKey(cell) }, cell, declared, accesses);
}

function addLock(lock: LockKey, taken: readonly (Acquisition & Site)[], draft: MapDraft, facts: Facts): void {
  const type = taken[0].lock.type;
  const made = declarationOf(lock, facts) ?? taken[0];
  draft.addNode({ kind: 'lock', ...(type === undefined ? {} : { type }), id: `lock ${lock}`, label: nameOfKey(lock) }, lock, made, taken);
}

function addAccesses({ cell, accesses, guard }: SharedPlace, draft: MapDraft, facts: Facts): void {
  if (guard !== undefined) draft.addEdge('guards', `lock ${guard}`, `place ${cell}`);
  for (const [key, group] of groupBy(accesses, (access) => access.function)) {
    const held = group.map((access) => [...facts.guardsOf(access)].filter((lock) => !isClaim(lock)));
    const always = held[0].filter((lock) => held.every((others) => others.includes(lock)));
    const locks = draft.indexesOf(always.map((lock) => `lock ${lock}`));
    const breaks = guard !== undefined && !always.includes(guard);
    const kind = group.some((access: CellAccess) => access.write) ? 'writes' : 'reads';
    draft.addEdge(kind, functionId(key), `place ${cell}`, { ...(locks.length > 0 ? { locks } : {}), ...(breaks ? { breaks } : {}) });
  }
}

function addOrder(draft: MapDraft, facts: Facts): void {
  const inCycles = new Set(facts.cycles().flatMap(({ locks }) => locks.map((lock, index) => edgeId(lock, locks[(index + 1) % locks.length]))));
  for (const { held, wanted } of facts.lockPairs()) {
    draft.addEdge('order', `lock ${held}`, `lock ${wanted}`, inCycles.has(edgeId(held, wanted)) ? { inCycle: true } : {});
  }
}
