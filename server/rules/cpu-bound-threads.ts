// Threads run a loop that only computes, in Python, so that the interpreter's lock lets one of them work at a time.

import { calledName } from '../model/calls';
import type { Block } from '../model/operation';
import { lastName } from '../model/place';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, fileOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import { modelOf } from '../summary/resolved';
import { enclosing, partsOf } from '../summary/structure';
import type { SpawnSite } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';

export const cpuBoundThreads: Rule = {
  id: 'cpu-bound-threads',
  family: 'cpu-bound-threads',
  languages: ['python'],
  severity: 'information',
  subject: 'module',
  fixes: ['use-processes'],
  *check(file, facts) {
    if (facts.interpreter !== 'gil') return;
    for (const key of facts.program.modules.get(file)?.functionKeys ?? []) {
      const seen = new Set<FunctionKey>();
      for (const spawn of facts.summaryOf(key)?.spawns ?? []) {
        if (spawn.as !== 'thread' || !spawn.many || spawn.function === undefined || seen.has(spawn.function) || fileOfKey(spawn.function) !== file) continue;
        seen.add(spawn.function);
        const loop = computes(spawn.function, facts);
        if (loop !== undefined) yield finding(key, spawn, loop);
      }
    }
  },
};

function finding(key: FunctionKey, spawn: SpawnSite, loop: number): Finding {
  const { id, family, severity } = cpuBoundThreads;
  const work = callOfKey(spawn.function!);
  return {
    rule: id,
    family,
    severity,
    confidence: 0.6,
    site: { function: key, point: spawn.point },
    message: `Threads make this no faster: ${work} only computes, and in CPython with its global lock one thread at a time runs Python code, so that several threads take as long as one, or longer. Use processes (ProcessPoolExecutor, multiprocessing.Pool), a library that computes outside Python, or a free-threaded build.`,
    related: [
      { site: { function: key, point: spawn.point }, message: `${callOfKey(key)} starts several threads with ${work}` },
      { site: { function: spawn.function!, point: loop }, message: `${work} computes here, loop in loop, and waits for nothing` },
    ],
    fixes: [{ kind: 'use-processes', site: { function: key, point: spawn.point } }],
  };
}

/** Built-ins that compute. */
const ARITHMETIC =
  /^(?:range|len|abs|int|float|str|bool|min|max|sum|pow|divmod|round|ord|chr|enumerate|zip|reversed|list|tuple|set|dict|isinstance|sorted|any|all|math|isqrt|sqrt|floor|ceil|gcd|sin|cos|log|exp|append|add|pop|extend|get|items|keys|values|bit_length|print|format|join|time|perf_counter)$/;

/** The inner loop of a function that does nothing but compute; itself alone, or with helpers that compute as well. */
function computes(key: FunctionKey, facts: Facts, depth = 2): number | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn || depth === 0 || (facts.summaryOf(key)?.blocks.size ?? 0) > 0) return undefined;
  const model = modelOf(fn);
  if (model.isAsync || model.isGenerator) return undefined;
  let inner: number | undefined;
  for (const [point, operation] of model.operations.entries()) {
    const around = enclosing(model).get(point) ?? [];
    if (around.some((each) => each.kind === 'with')) return undefined;
    const loops = around.flatMap((each) => (each.kind === 'loop' ? [each.step] : []));
    if (operation.kind === 'call') {
      const name = calledName(operation);
      const targets = fn.calls.get(point)?.targets ?? [];
      if (targets.length === 0 && !ARITHMETIC.test(name ?? '')) return undefined;
      for (const target of targets) {
        if (target === key) continue;
        const helper = isPure(target, facts) ? (computes(target, facts, depth - 1) ?? -1) : undefined;
        if (helper === undefined) return undefined;
        if (helper !== -1 && loops.length > 0) inner ??= point;
      }
    }
    if (loops.length > 1) inner ??= point;
  }
  return inner ?? (longLoop(model.body) ? NAME : undefined);
}

/** Whether a helper waits for nothing and calls nothing that is not known. */
function isPure(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  if (!fn || (facts.summaryOf(key)?.blocks.size ?? 0) > 0 || modelOf(fn).isAsync) return false;
  return modelOf(fn).operations.every((operation, point) => {
    if (operation.kind !== 'call') return true;
    const { callee } = operation;
    const name = callee.kind === 'place' ? (lastName(callee.place) ?? '') : '';
    return (fn.calls.get(point)?.targets ?? []).includes(key) || ARITHMETIC.test(name ?? '');
  });
}

/** The steps of a loop that goes round for long without counting items: nested, or `while n > 0:`. */
function longLoop(block: Block, depth = 0): boolean {
  return block.some((step) => {
    if (typeof step === 'number') return false;
    if (step.kind === 'loop') {
      const counts = step.over !== undefined || step.endless === true || (step.test?.length ?? 0) > 0;
      return depth > 0 || !counts || longLoop(step.body, depth + 1);
    }
    return partsOf(step).some((part) => longLoop(part, depth));
  });
}
