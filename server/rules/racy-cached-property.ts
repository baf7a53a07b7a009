// A home-made cached property looks, computes and stores with no lock, so that two threads get an object each.
import { byKey } from '../summary/grouping';
import { callOfKey } from '../summary/keys';
import { behind } from '../summary/origins';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Rule } from './rule';
import { first, second, twoRuns } from './shared/interleavings';
import { isUnderLock, runsTwice } from './shared/restoring-steps';
import { startsOf, whyTheyMeet } from './shared/shared-access-traces';

export const racyCachedProperty: Rule = {
  id: 'racy-cached-property',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: ['compute-once'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn || modelOf(fn).name !== '__get__') return;
    const owner = modelOf(fn).class;
    const stored = storeOf(fn);
    const roots = runsTwice(key, facts);
    if (stored === undefined || !roots || isUnderLock(fn, stored, facts)) return;
    const [reader] = byKey(facts.program.callers.get(key)).flatMap(([caller, sites]) => sites.map((site) => ({ function: caller, point: site.point })));
    yield {
      rule: racyCachedProperty.id,
      family: racyCachedProperty.family,
      severity: racyCachedProperty.severity,
      confidence: 0.7,
      site: { function: key, point: stored },
      message: `This cached property can be worked out twice: ${callOfKey(key)} looks whether the value is stored, computes it and stores it with no lock, so that two threads that ask for it first each get an object of their own. ${whyTheyMeet({ roots, by: 'threads' })} Hold a lock of the descriptor around the second look, the computation and the store.`,
      related: [
        ...(reader
          ? [
              {
                site: reader,
                message: `${callOfKey(reader.function)} reads such a property, in thread A as in thread B`,
              },
            ]
          : []),
        { site: { function: key, point: stored }, message: 'thread A: has found nothing stored, and stores; thread B can have done the same' },
        ...startsOf(roots, facts),
      ],
      interleaving: {
        sides: twoRuns(roots, { function: key, point: stored }, { function: key, point: stored }),
        steps: [
          ...(reader ? [first(reader, 'reads the property'), second(reader, 'reads the property')] : []),
          first({ function: key, point: stored }, 'has found nothing stored, and computes the value'),
          second({ function: key, point: stored }, 'has found nothing stored either, computes a value of its own and stores it'),
          first({ function: key, point: stored }, 'stores its own over it'),
        ],
        harm: 'wrong',
        outcome: 'Each goes on with an object of its own, though there should be one.',
      },
      fixes: owner === undefined ? [] : [{ kind: 'compute-once', site: { function: key, point: stored }, owner: fn.module.classKeys[owner] }],
    };
  },
};

/** Where `__get__` stores what it has just computed into the instance, behind a look whether it is there. */
function storeOf(fn: ResolvedFunction): Point | undefined {
  const model = modelOf(fn);
  for (const [point, operation] of model.operations.entries()) {
    const around = enclosing(model).get(point) ?? [];
    const isConditional = around.some((each) => (each.kind === 'try' && each.part === 'handler') || (each.kind === 'branch' && each.step.test.length > 0));
    if (!isStore(fn, point) || !(isConditional || leavesBefore(fn, point))) continue;
    const computed = [...behind(model, operation.depends)].some((number) => model.operations[number].kind === 'call' && callsFactory(fn, number));
    if (computed) return point;
  }
  return undefined;
}

/** `instance.__dict__[name] = …`, `setattr(instance, name, …)`, `self._values[instance] = …`. */
function isStore(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation.kind === 'write') return operation.mode === 'assign' && operation.place.path.length > 0;
  return (
    operation.kind === 'call' &&
    operation.callee.kind === 'place' &&
    operation.callee.place.root.kind === 'global' &&
    operation.callee.place.root.name === 'setattr'
  );
}

/** `self.func(instance)`. */
function callsFactory(fn: ResolvedFunction, point: Point): boolean {
  const operation = modelOf(fn).operations[point];
  return operation.kind === 'call' && operation.callee.kind === 'place' && operation.callee.place.root.kind === 'receiver' && operation.arguments.length > 0;
}

/** `if name in cache: return cache[name]` stands before it. */
function leavesBefore(fn: ResolvedFunction, point: Point): boolean {
  const model = modelOf(fn);
  return model.operations.some((operation, number) => {
    if (operation.kind !== 'return' || number >= point) return false;
    return (
      (enclosing(model).get(number) ?? []).some(
        (each) => (each.kind === 'branch' && each.step.test.length > 0) || (each.kind === 'try' && each.part === 'body'),
      ) && operation.depends.length > 0
    );
  });
}
