// A worker reads a module variable that only the parent has set: a spawned child, or a worker that is older, has the first value.
import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { ELEMENT, type Place } from '../model/place';
import { MAIN, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { callOfKey, type FunctionKey } from '../summary/keys';
import type { ModuleInterface } from '../summary/module-interface';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, second } from './shared/interleavings';
import { parentAndChild } from './shared/process-interleavings';
import { startsLater } from './shared/process-memory';
import { sideOf } from './shared/process-sides';
import { type ProcessSite, processSites } from './shared/process-sites';
import { pickles } from './shared/start-method';

export const globalMissingInChild: Rule = {
  id: 'global-missing-in-child',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (!module) return;
    const sites = processSites(facts, file);
    if (sites.length === 0) return;
    const uses = usesOf(facts, module);
    for (const [name, { reads, writes }] of uses) {
      // The first value stands in the module; a child that imports it has that one as well.
      const later = writes.filter((write) => !isAtImport(write));
      if (later.length === 0 || later.length === writes.length || later.some((write) => sideOf(facts, write.fn.key) !== 'parent')) continue;
      const read = reads.find((use) => runFor(facts, use) !== undefined);
      if (!read) continue;
      const runs = runFor(facts, read)!;
      const old = later.find((write) => isAfterPool(write, runs, sites));
      const method = methodFor(runs, sites);
      const before = later.find(
        (write) => startsLater(facts, write.fn.key, write.point) || !facts.summaryOf(write.fn.key)?.spawns.some((spawn) => spawn.as === 'process'),
      );
      if (old) yield findingOf(name, old, read, runs, facts, 'late');
      else if (before && method !== 'other') yield findingOf(name, before, read, runs, facts, method);
    }
  },
};

interface Use {
  readonly fn: ResolvedFunction;
  readonly point: number;
}

/** Reads and writes of a module's variables by the functions of its file; a part of one that is read is a read of it. */
function usesOf(facts: Facts, module: ModuleInterface): Map<string, { reads: Use[]; writes: Use[] }> {
  const found = new Map<string, { reads: Use[]; writes: Use[] }>();
  for (const fn of facts.functionsIn(module.file)) {
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      const place = operation.kind === 'call' ? filled(operation) : operation.kind === 'read' || operation.kind === 'write' ? operation.place : undefined;
      if (place?.root.kind !== 'module') continue;
      const { name } = place.root;
      if (module.bindings[name]?.kind !== 'variable') continue;
      const uses = found.get(name) ?? { reads: [], writes: [] };
      found.set(name, uses);
      if (operation.kind === 'read') uses.reads.push({ fn, point });
      else if (place.path.length === 0 && operation.kind === 'write') uses.writes.push({ fn, point });
      // What is put into a container may be a registration, which happens at import; here the main program does it.
      else if (place.path.every((step) => step === ELEMENT) && (fn.index === 0 || sideOf(facts, fn.key) !== 'parent' || isMainWork(facts, fn)))
        uses.writes.push({ fn, point });
    }
  }
  return found;
}

/** The container that a call puts something into: `names` of `names.append(name)`. */
function filled(call: Call): Place | undefined {
  if (call.callee.kind !== 'place' || !/^(?:append|extend|add|update|insert|setdefault)$/.test(methodOf(call))) return undefined;
  return { root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) };
}

/** Run by the main program, and not while its modules are being imported. */
function isMainWork(facts: Facts, fn: ResolvedFunction, depth = 4): boolean {
  if (depth === 0 || !facts.contextOf(fn.key).roots.includes(MAIN)) return false;
  return [...(facts.program.callers.get(fn.key) ?? [])].every(([caller, sites]) => {
    const outer = facts.program.functions.get(caller);
    if (!outer || outer.index !== 0) return outer !== undefined && (outer.key === fn.key || isMainWork(facts, outer, depth - 1));
    return sites.every((site) => !isAtImport({ fn: outer, point: site.point }));
  });
}

/** The function that a process runs in which the use happens. */
function runFor(facts: Facts, { fn }: Use): FunctionKey | undefined {
  return facts
    .contextOf(fn.key)
    .roots.map(rootParts)
    .find(({ kind, function: runs }) => kind === 'process' && runs !== undefined)?.function;
}

/** In the module's body, where no main guard keeps it from a child that imports the module. */
function isAtImport({ fn, point }: Use): boolean {
  if (fn.index !== 0) return false;
  return !(enclosing(modelOf(fn)).get(point) ?? []).some(
    (structure) => structure.kind === 'branch' && structure.step.guard === 'main-module' && structure.arm === 0,
  );
}

/** How the processes that run a function are started: all that is known of must agree. */
function methodFor(runs: FunctionKey, sites: readonly ProcessSite[]): 'spawn' | 'default' | 'other' {
  const own = sites.filter((site) => site.targets.includes(runs));
  // What makes the pool says how: in the same function as the job, or wherever pools are made.
  const pools = sites.filter((site) => site.kind === 'initializer');
  const close = pools.filter((pool) => own.some((site) => site.kind === 'job' && site.fn.key === pool.fn.key));
  const makers = own.some((site) => site.kind === 'job') ? (close.length > 0 ? close : pools) : own;
  if (makers.length === 0) return 'other';
  if (makers.every((site) => pickles(site.method))) return 'spawn';
  return makers.every((site) => site.method === 'default') ? 'default' : 'other';
}

/** Set between the making of a pool and a job for it, in one function: the workers are there already. */
function isAfterPool(access: Use, runs: FunctionKey, sites: readonly ProcessSite[]): boolean {
  const here = sites.filter((site) => site.fn.key === access.fn.key);
  const pool = here.find((site) => site.api === 'multiprocessing.pool.Pool' && site.point < access.point);
  if (!pool || !here.some((site) => site.kind === 'job' && site.targets.includes(runs) && site.point > access.point)) return false;
  const { fn } = access;
  const loops = (point: number) => (enclosing(modelOf(fn)).get(point) ?? []).filter((structure) => structure.kind === 'loop').length;
  return loops(pool.point) <= loops(access.point);
}

function findingOf(place: string, write: Use, read: Use, runs: FunctionKey, facts: Facts, how: 'late' | 'spawn' | 'default'): Finding {
  const [start] = byKey(facts.program.spawners.get(runs));
  const reason =
    how === 'late'
      ? 'the workers of the pool were started before that and have the value of then'
      : how === 'spawn'
        ? 'a child that is spawned imports the module anew and has its first value'
        : 'only a forked child has that value; where children are spawned (Windows, macOS) or come from a fork server (the default since Python 3.14) it has the first one';
  return {
    rule: globalMissingInChild.id,
    family: globalMissingInChild.family,
    severity: how === 'default' ? 'information' : globalMissingInChild.severity,
    confidence: how === 'default' ? 0.5 : 0.85,
    site: { function: write.fn.key, point: write.point },
    message: `A worker process does not see this value: ${callOfKey(write.fn.key)} sets ${place} in the parent, and ${callOfKey(read.fn.key)} reads it in a child process; ${reason}. Hand the value over as an argument, or set it in the pool's initializer.`,
    related: [
      { site: { function: write.fn.key, point: write.point }, message: `Parent: sets ${place} for itself` },
      ...(start ? [{ site: { function: start[0], point: start[1][0].point }, message: `${callOfKey(runs)} is handed to a process here` }] : []),
      { site: { function: read.fn.key, point: read.point }, message: `Child: reads its own ${place}` },
    ],
    fixes: [],
    interleaving: {
      sides: parentAndChild(runs),
      steps: [
        first({ function: write.fn.key, point: write.point }, `sets ${place} for itself${how === 'late' ? ': the workers have been started already' : ''}`),
        ...(start ? [first({ function: start[0], point: start[1][0].point }, `has ${callOfKey(runs)} run in a process`)] : []),
        second({ function: read.fn.key, point: read.point }, `reads its own ${place}, which has the value from before`),
      ],
      harm: 'wrong',
      outcome: `The child works without what was set in the parent${how === 'default' ? ', where children are not forked' : ''}.`,
    },
  };
}
