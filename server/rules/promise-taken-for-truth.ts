// A promise is tested as if it were the answer: async predicates given to filter, some, find, and conditions on async functions.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { structuresIn } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { usesOf } from './shared/outcome-uses';
import { calledFunctions, functionGivesPromise, functionsGiven, isOnArray } from './shared/promises';

export const promiseTakenForTruth: Rule = {
  id: 'promise-taken-for-truth',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'error',
  subject: 'module',
  fixes: ['await-call'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call') continue;
        const given = predicateAt(fn, point, operation, facts);
        if (given !== undefined) yield predicateFinding(fn, point, calledName(operation), given);
        else if (operation.outcome === 'used' && isOnlyTested(fn, point)) {
          const functions = calledFunctions(fn, point, facts);
          if (functions.length > 0 && functions.every((key) => isAsync(key, facts))) yield testFinding(fn, point, functions[0]);
        }
      }
    }
  },
};

/** Methods of arrays, and functions of lodash, that test what a function gives, and what becomes of it with promises. */
const TESTS: Readonly<Record<string, string>> = {
  filter: 'keeps every element',
  some: 'is true for the first element already',
  every: 'is true whatever the answers are',
  find: 'gives the first element',
  findIndex: 'gives 0',
  findLast: 'gives the last element',
  findLastIndex: 'gives the last index',
  sort: 'leaves the order as it is',
  partition: 'puts every element on one side',
  reject: 'drops every element',
};

const LODASH = /^(?:lodash(?:-es)?|underscore|ramda)(?:\/|$)/;

/** The async function that a method which tests is given; undefined where there is none, or the method may wait for it. */
function predicateAt(fn: ResolvedFunction, point: Point, call: Call, facts: Facts): FunctionKey | undefined {
  const name = calledName(call);
  if (!Object.hasOwn(TESTS, name) || call.callee.kind !== 'place' || call.form !== 'call') return undefined;
  const { root, path } = call.callee.place;
  const isLodash = (root.kind === 'import' || root.kind === 'module') && LODASH.test(root.kind === 'import' ? root.specifier : '');
  if (!isLodash && (path.length === 0 || root.kind === 'import' || (root.kind === 'global' && path.length === 1 && /^[A-Z]/.test(root.name)))) return undefined;
  if (!isLodash && /^(?:partition|reject)$/.test(name)) return undefined;
  // A class of the workspace, or a library that has such a method, may wait for what it gets.
  const resolved = fn.calls.get(point);
  if (calledFunctions(fn, point, facts).length > 0 || (resolved?.api && !/^Array\./.test(resolved.api.name))) return undefined;
  if (!isLodash && isWaitedFor(fn, point, call) && !isOnArray(fn, call, facts)) return undefined;
  const value = call.arguments[isLodash ? 1 : 0]?.value;
  const functions = value ? functionsGiven(fn, value, facts) : [];
  return functions.length > 0 && functions.every((key) => functionGivesPromise(key, facts)) ? functions[0] : undefined;
}

/** `await stream.some(…)`: arrays give no promise, so this is something else. */
function isWaitedFor(fn: ResolvedFunction, point: Point, call: Call): boolean {
  if (call.outcome === 'awaited') return true;
  const model = modelOf(fn);
  return usesOf(model, point).some((use) => {
    const operation = use.by === 'operation' ? model.operations[use.number] : undefined;
    if (operation?.kind === 'await')
      return operation.value.kind === 'place' && operation.value.place.root.kind === 'result' && operation.value.place.root.operation === point;
    // `stream.filter(…).toArray()`, `list.filter(…).then(…)`
    return (
      operation?.kind === 'call' &&
      operation.callee.kind === 'place' &&
      /^(?:then|catch|toArray|pipe)$/.test(calledName(operation)) &&
      operation.callee.place.root.kind === 'result' &&
      operation.callee.place.root.operation === point
    );
  });
}

/** The outcome of a call is what a condition asks, and nothing else is done with it. */
function isOnlyTested(fn: ResolvedFunction, point: Point): boolean {
  const model = modelOf(fn);
  const uses = usesOf(model, point);
  if (uses.length === 0 || !uses.every((use) => use.by === 'test')) return false;
  return structuresIn(model.body).some((step) => step.kind === 'branch' && step.test.length === 1 && step.test[0] === point);
}

function isAsync(key: FunctionKey, facts: Facts): boolean {
  const place = facts.program.resolver.functionAt(key);
  const model = place?.module.module.functions[place.index];
  return model !== undefined && model.isAsync && !model.isGenerator;
}

function predicateFinding(fn: ResolvedFunction, point: Point, method: string, key: FunctionKey): Finding {
  const what = method === 'sort' ? 'a number' : 'an answer';
  return {
    ...base(fn, point),
    message: `${method}() gets a promise instead of ${what}: ${callOfKey(key)} is async, a promise counts as true, and so ${method}() ${TESTS[method]}. Nobody waits for the promises, and what is rejected is an unhandled rejection. Await Promise.all() over map() first, then ${method} by the answers.`,
  };
}

function testFinding(fn: ResolvedFunction, point: Point, key: FunctionKey): Finding {
  return {
    ...base(fn, point),
    message: `This condition is always true: ${callOfKey(key)} is async, so that its promise is tested and not its answer, and nobody waits for it. Put await before the call.`,
    fixes: [{ kind: 'await-call', site: { function: fn.key, point } }],
  };
}

function base(fn: ResolvedFunction, point: Point): Omit<Finding, 'message'> {
  return {
    rule: promiseTakenForTruth.id,
    family: promiseTakenForTruth.family,
    severity: promiseTakenForTruth.severity,
    confidence: 0.9,
    site: { function: fn.key, point },
    related: [{ site: { function: fn.key, point }, message: 'A promise is made here and taken for its outcome' }],
    fixes: [],
  };
}
