// Child tests: what a condition asks to tell the program itself from the children that load the same file.
import { lastName, type Place } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/** A child that loads the file again: a worker thread, a forked process, a worker of cluster, a process that preloads the file. */
export type Child = 'thread' | 'process' | 'cluster' | 'preloading';

/** Something that a condition asks: where, in which words, and which children it tells from the program itself. */
export interface ChildTest {
  readonly site: Site;
  readonly asks: string;
  readonly tells: readonly Child[];
}

const ALL: readonly Child[] = ['thread', 'process', 'cluster', 'preloading'];
const DEPTH = 4;

/** What an API or a global says. In a worker thread process.send is missing and cluster takes it for the primary; a forked process has a main thread. */
const TELLING: readonly (readonly [RegExp, readonly Child[]])[] = [
  [/^worker_threads\.(?:isMainThread|parentPort|threadId|workerData|resourceLimits)\b/, ['thread']],
  [/^cluster\.(?:isPrimary|isMaster|isWorker|worker)\b/, ['cluster']],
  [/^process\.(?:send|connected|channel)$/, ['process', 'cluster']],
  [/^process\.env\.(?:NODE_ENV|DEBUG|CI|PORT|HOST|HOME|PWD|LOG_LEVEL)$/, []],
  [/^process\.env\b/, ALL],
  [/^process\.argv\.1$|^module\.parent$|^import\.meta\.main$|^Deno\.mainModule$/, ['preloading']],
  [/^process\.argv\b/, ['thread', 'process', 'cluster']],
  [/^(?:globalThis\.)?(?:document|window|WorkerGlobalScope|DedicatedWorkerGlobalScope|importScripts|self|onmessage)\b/, ['thread']],
];

/** Names that say that what they hold tells parents from children, whoever has worked it out. */
const NAMED =
  /^_*(?:is|in|am|as)_?(?:the_?)?(?:main|primary|master|parent|child|worker|thread|cluster|sub_?process|fork)|^(?:worker|child|thread)_?(?:id|data|name|role|index)$/i;

/** What the operations behind a condition ask. */
export function childTests(fn: ResolvedFunction, numbers: readonly number[], facts: Facts, depth = DEPTH): ChildTest[] {
  const { operations } = modelOf(fn);
  const tests: ChildTest[] = [];
  for (const number of numbers) {
    const operation = operations[number];
    const site = { function: fn.key, point: number };
    if (operation?.kind === 'read') tests.push(...testsOfPlace(fn, operation.place, site, facts, depth));
    else if (operation?.kind === 'call') {
      const { callee } = operation;
      if (callee.kind === 'place') tests.push(...testsOfPlace(fn, callee.place, site, facts, depth));
      const targets = depth > 0 ? (fn.calls.get(number)?.targets ?? []) : [];
      for (const target of targets) {
        const called = facts.program.functions.get(target);
        if (called) for (const test of childTests(called, allOf(called), facts, depth - 1)) tests.push(test);
      }
      if (operation.depends.length > 0 && depth > 0) tests.push(...childTests(fn, operation.depends, facts, depth - 1));
    }
  }
  return tests;
}

function testsOfPlace(fn: ResolvedFunction, place: Place, site: Site, facts: Facts, depth: number): ChildTest[] {
  const name = nameOfPlace(fn, place, facts);
  const known = TELLING.find(([pattern]) => pattern.test(name));
  if (known) return known[1].length === 0 ? [] : [{ site, asks: name.replace(/\.(?:\[\*\]|includes|slice).*$/, ''), tells: known[1] }];
  if (depth > 0 && place.path.length === 0 && (place.root.kind === 'module' || place.root.kind === 'variable')) {
    const found = testsBehind(fn, place, facts, depth);
    if (found.length > 0) return found;
  }
  const last = lastName(place);
  return last !== undefined && NAMED.test(last) ? [{ site, asks: last, tells: ALL }] : [];
}

/** What the assignments to a variable of the file ask. */
function testsBehind(fn: ResolvedFunction, place: Place, facts: Facts, depth: number): ChildTest[] {
  const { root } = place;
  const owner = root.kind === 'variable' ? root.function : root.kind === 'module' ? 0 : -1;
  const within = facts.program.functions.get(fn.module.functionKeys[owner] ?? '');
  if (!within) return [];
  return modelOf(within).operations.flatMap((operation, point) => {
    if (operation.kind !== 'write' || operation.place.path.length > 0 || operation.place.root.kind !== root.kind) return [];
    if (lastName(operation.place) !== lastName(place)) return [];
    const tests = childTests(within, operation.depends, facts, depth - 1);
    return tests.map((test) => ({ ...test, site: { function: within.key, point } }));
  });
}

function nameOfPlace(fn: ResolvedFunction, place: Place, facts: Facts): string {
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, place);
  if (type?.kind === 'api') return type.name;
  const { root, path } = place;
  if (root.kind === 'global') return [root.name, ...path].join('.');
  if (root.kind === 'import' && !root.specifier.startsWith('.'))
    return [root.specifier, ...(root.name === undefined || root.name === 'default' ? [] : [root.name]), ...path].join('.');
  // An object of the library: `parentPort`, `cluster.worker`.
  const binding = root.kind === 'module' ? fn.module.bindings[root.name] : undefined;
  if (binding?.kind === 'import')
    return [binding.specifier, ...(binding.name === undefined || binding.name === 'default' ? [] : [binding.name]), ...path].join('.');
  return '';
}

function allOf(fn: ResolvedFunction): number[] {
  return modelOf(fn).operations.map((_, number) => number);
}
