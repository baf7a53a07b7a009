// The start method is chosen while the module is loaded, and the child, for which it is chosen already, loads the module again.

import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Rule } from './rule';
import { begunAgain } from './shared/process-interleavings';

export const startMethodSetAtImport: Rule = {
  id: 'start-method-set-at-import',
  family: 'main-guard',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['add-main-guard'],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    const fn = module && facts.program.functions.get(module.functionKeys[0]);
    const summary = fn && facts.summaryOf(fn.key);
    if (!fn || !summary || /(?:^|\/)__main__\.py$/.test(file)) return;
    for (const point of summary.unguardedCalls) {
      const inside = setsMethod(fn, point) ? undefined : calledSetter(fn, point, facts);
      if (!setsMethod(fn, point) && !inside) continue;
      const site = { function: fn.key, point };
      yield {
        rule: startMethodSetAtImport.id,
        family: startMethodSetAtImport.family,
        severity: startMethodSetAtImport.severity,
        confidence: 0.8,
        site,
        message:
          'The start method is set while the module is being imported: a spawned child has its start method already when it imports the module again, so this line raises RuntimeError there (context has already been set), and in every program that imports the module after it chose one. Move it under if __name__ == "__main__":, or use get_context() where the processes are made.',
        related: [
          { site, message: inside ? `Runs at import, in each child too: calls ${callOfKey(inside.fn.key)}` : 'Runs at import, in each child too' },
          ...(inside ? [{ site: { function: inside.fn.key, point: inside.point }, message: `${callOfKey(inside.fn.key)} sets the start method here` }] : []),
        ],
        fixes: [{ kind: 'add-main-guard', site }],
        interleaving: begunAgain(
          [site, ...(inside ? [{ function: inside.fn.key, point: inside.point }] : [])],
          'sets the start method, and later starts the child with it',
          'sets the start method a second time',
          'The child has its start method already, and fails with a RuntimeError.',
        ),
      };
      return;
    }
  },
};

/** Whether a call sets the start method to one whose children import the module, and would fail the second time. */
function setsMethod(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call' || !/(?:^|\.)set_start_method$/.test(fn.calls.get(point)?.api?.name ?? '')) return false;
  const force = operation.arguments.find(({ name }, position) => name === 'force' || (name === undefined && position === 1));
  const method = operation.arguments[0]?.value;
  if (force || (method?.kind === 'constant' && (method.value === 'fork' || method.value === null))) return false;
  // `try: set_start_method("spawn") except RuntimeError: pass`, and `if get_start_method(allow_none=True) is None`.
  return !(enclosing(modelOf(fn)).get(point) ?? []).some(
    (around) =>
      (around.kind === 'try' && around.part === 'body' && around.step.handlers.length > 0) ||
      (around.kind === 'branch' && around.step.test.some((test) => /get_start_method$/.test(fn.calls.get(test)?.api?.name ?? ''))),
  );
}

/** A function of the same file that the module's body calls, and that sets the method on its way. */
function calledSetter(fn: ResolvedFunction, point: Point, facts: Facts): { fn: ResolvedFunction; point: Point } | undefined {
  for (const target of fn.calls.get(point)?.targets ?? []) {
    const callee = fileOfKey(target) === fileOfKey(fn.key) ? facts.program.functions.get(target) : undefined;
    const guarded = (at: Point) => !facts.summaryOf(target)?.unguardedCalls.has(at);
    const found = callee && [...callee.calls.keys()].find((at) => setsMethod(callee, at) && !guarded(at));
    if (callee && found !== undefined) return { fn: callee, point: found };
  }
  return undefined;
}
