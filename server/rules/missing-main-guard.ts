// A process or worker is started when the module is loaded, and the child loads the module again.
import type { Call } from '../model/operation';
import { makersOf, receiverOf } from '../summary/cells';
import { callOfKey, fileOfKey } from '../summary/keys';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point, Summary, Witness } from '../summary/summary';
import type { Finding, Related } from './finding';
import { processStart, startsSoon } from './shared/process-start';
import type { Rule } from './rule';

export const missingMainGuard: Rule = {
  id: 'missing-main-guard',
  family: 'main-guard',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  repaired: true,
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    const body = module && facts.summaryOf(module.functionKeys[0]);
    const fn = module && facts.program.functions.get(module.functionKeys[0]);
    // A spawned child leaves a package's __main__ alone.
    if (!module || !body || !fn || forksOnly(fn) || /(?:^|\/)__main__\.py$/.test(file)) return;
    // The first start is where the guard goes; what follows it moves along.
    const start = startsOf(body, facts)[0];
    if (!start) return;
    const python = module.language === 'python';
    const chain = chainOf(start, body, facts);
    const called = start.next === undefined ? '' : ` through ${callOfKey(start.next)}`;
    const site = { function: body.key, point: madeAt(start.point, fn, body, facts) };
    const finding: Finding = {
      rule: missingMainGuard.id,
      family: missingMainGuard.family,
      severity: missingMainGuard.severity,
      confidence: 0.8,
      site,
      message: python
        ? `This starts processes while the module is being imported${called}: a child started with spawn or forkserver imports the module again and runs this line again, which fails with a RuntimeError or starts processes without end. Move it under if __name__ == "__main__":, or into a function called from there.`
        : `This starts a copy of this very file while the file is being loaded${called}: the copy runs this line again and starts copies of its own, without end. Start it only where ${guardOf(body, facts)} is true.`,
      related: chain,
      fixes: [{ kind: 'add-main-guard', site, safety: 'suggestion' }],
    };
    yield finding;
  },
};

/** Where an unguarded statement of the module's body starts a process, itself or through what it calls, in order. */
function startsOf(body: Summary, facts: Facts): Witness[] {
  const starts: Witness[] = [];
  for (const spawn of body.spawns) {
    if (!spawn.guarded && spawn.reloads) starts.push({ point: spawn.point });
    // A thread that is started while the module loads comes to its process soon, in the child as well.
    else if (!spawn.guarded && spawn.function !== undefined && startsSoon(spawn.as) && fileOfKey(spawn.function) === fileOfKey(body.key)) {
      if (processStart(spawn.function, facts)) starts.push({ point: spawn.point, next: spawn.function });
    }
  }
  for (const call of body.calls) {
    if (body.unguardedCalls.has(call.point) && processStart(call.target, facts)) starts.push({ point: call.point, next: call.target });
  }
  return starts.sort((a, b) => a.point - b.point);
}

/** The calls that lead from the module's body to the start, and the start itself. */
function chainOf(start: Witness, body: Summary, facts: Facts): Related[] {
  const related: Related[] = [
    {
      site: { function: body.key, point: start.point },
      message: start.next === undefined ? 'Runs each time the module is loaded, in the child too' : `The module's body calls ${callOfKey(start.next)}`,
    },
  ];
  const seen = new Set<string>();
  for (let key = start.next; key !== undefined && !seen.has(key); ) {
    seen.add(key);
    const witness: Witness | undefined = processStart(key, facts);
    if (!witness) break;
    related.push({
      site: { function: key, point: witness.point },
      message: witness.next === undefined ? `${callOfKey(key)} starts the process here` : `${callOfKey(key)} calls ${callOfKey(witness.next)}`,
    });
    key = witness.next;
  }
  return related;
}

/** The guard has to hold what makes the process as well: `process = Process(…)` before `process.start()`. */
function madeAt(start: Point, fn: ResolvedFunction, body: Summary, facts: Facts): Point {
  const { operations } = modelOf(fn);
  const operation = operations[start];
  const receiver = operation?.kind === 'call' && isStart(operation) ? receiverOf(operation.callee) : undefined;
  if (!receiver) return start;
  const makes = (point: Point, made = fn.calls.get(point)) => made?.api?.kind === 'class' && made.spawns.some((spawn) => spawn.as === 'process');
  const own = [...makersOf(facts.program.resolver, fn.module, fn.index, receiver)].flatMap(({ call }) => operations.indexOf(call));
  // Out of a list it may be any that was made before.
  const known = own.length > 0 ? own : [...fn.calls.keys()];
  return known.find((point) => makes(point) && point < start && body.unguardedCalls.has(point)) ?? start;
}

function isStart(call: Call): boolean {
  return call.callee.kind === 'place' && call.callee.place.path.at(-1) === 'start';
}

/** With the fork start method a child does not import anything; then there is nothing to guard. */
function forksOnly(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some(
    (operation, number) =>
      operation.kind === 'call' &&
      /(?:^|\.)set_start_method$/.test(fn.calls.get(number)?.api?.name ?? '') &&
      operation.arguments[0]?.value.kind === 'constant' &&
      operation.arguments[0].value.value === 'fork',
  );
}

function guardOf(body: Summary, facts: Facts): string {
  const fn = facts.program.functions.get(body.key);
  const cluster = fn && [...fn.calls.values()].some((call) => call.api?.name.startsWith('cluster.'));
  return cluster ? 'cluster.isPrimary' : 'isMainThread of worker_threads';
}
