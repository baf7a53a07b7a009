// One at a time: functions that are handed to something which runs them one after the other: a lock, a queue, a chain of promises.
import { calledName } from '../../model/calls';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

const SERIAL =
  /lock|exclusive|mutex|serial|queue|chain|transaction|atomic|synchroni[sz]ed|critical|sequential|oneAtATime|limit|semaphore|guard|throttle|debounce|once|memoi[sz]e/i;

/** How many callers up. */
const HIGHEST = 3;

/** Whether a function, or one around it, is given to a call that lets in one at a time; or only such functions call it. */
export function isOneAtATime(fn: ResolvedFunction, facts: Facts, deep = 0): boolean {
  const { functions } = fn.module.module;
  for (let index: number | undefined = fn.index; index !== undefined && index !== 0; index = functions[index].parent)
    if (serialised(fn, facts).has(index)) return true;
  return deep < HIGHEST && isCalledInTurn(fn, facts, deep);
}

/** `save(x) { this.tail = this.tail.then(() => this.write(x)) }`: a helper of the file that only what waits its turn calls. */
function isCalledInTurn(fn: ResolvedFunction, facts: Facts, deep: number): boolean {
  const callers = modelOf(fn).isPrivate ? [...(facts.program.callers.get(fn.key)?.keys() ?? [])] : [];
  return (
    callers.length > 0 &&
    callers.every((key) => {
      const caller = key === fn.key || fileOfKey(key) !== fn.module.file ? undefined : facts.program.functions.get(key);
      return caller !== undefined && isOneAtATime(caller, facts, deep + 1);
    })
  );
}

/** The functions of a file that run one after the other, by index. */
function serialised(fn: ResolvedFunction, facts: Facts): ReadonlySet<number> {
  return facts.once(serialised, fn.module.file, () => {
    const found = new Set<number>();
    for (const user of facts.functionsIn(fn.module.file)) {
      for (const [point, operation] of modelOf(user).operations.entries()) {
        if (operation.kind !== 'call') continue;
        const given = operation.arguments.flatMap(({ value }) => functionsIn(value, user));
        if (given.length === 0) continue;
        const name = calledName(operation);
        const holder = operation.callee.kind === 'place' && operation.callee.place.path.length > 0 ? printed(operation.callee.place) : '';
        const targets = user.calls.get(point)?.targets ?? [];
        const chained = (name === 'then' && isChain(user, point)) || targets.some((key) => chainsParameter(facts.program.functions.get(key)));
        if (SERIAL.test(name) || SERIAL.test(holder) || chained) for (const index of given) found.add(index);
      }
    }
    return found;
  });
}

function printed(place: { readonly root: object; readonly path: readonly string[] }): string {
  return ['name' in place.root ? String(place.root.name) : '', ...place.path.slice(0, -1)].join('.');
}

function functionsIn(value: Value, fn: ResolvedFunction): number[] {
  if (value.kind === 'function') return [value.function];
  const binding = value.kind === 'place' && value.place.root.kind === 'module' ? fn.module.bindings[value.place.root.name] : undefined;
  return binding?.kind === 'function' ? [binding.function] : [];
}

/** `tail = tail.then(work)`: what is run next waits for what is stored, and takes its place. */
function isChain(fn: ResolvedFunction, then: number): boolean {
  const { operations } = modelOf(fn);
  const call = operations[then];
  const before = readsBehind(fn, call.depends);
  if (call.kind === 'call' && call.callee.kind === 'place' && call.callee.place.root.kind !== 'result')
    before.push(placeKey(call.callee.place.root, call.callee.place.path.slice(0, -1)));
  return operations.some((operation, i) => {
    if (i <= then || !dependsOn(fn, operation.depends, then)) return false;
    if (operation.kind === 'write') return before.includes(placeKey(operation.place.root, operation.place.path));
    // `chains.set(key, next)`
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || calledName(operation) !== 'set') return false;
    return before.includes(placeKey(operation.callee.place.root, operation.callee.place.path.slice(0, -1)));
  });
}

function placeKey(root: object, path: readonly string[]): string {
  return JSON.stringify([root, path]);
}

function readsBehind(fn: ResolvedFunction, numbers: readonly number[]): string[] {
  const { operations } = modelOf(fn);
  return numbers.flatMap((number) => {
    const operation = operations[number];
    return [...(operation.kind === 'read' ? [placeKey(operation.place.root, operation.place.path)] : []), ...readsBehind(fn, operation.depends)];
  });
}

function dependsOn(fn: ResolvedFunction, numbers: readonly number[], wanted: number): boolean {
  return numbers.some((number) => number === wanted || (number > wanted && dependsOn(fn, modelOf(fn).operations[number].depends, wanted)));
}

/** A function that hands a parameter of its own to the end of a chain. */
function chainsParameter(fn: ResolvedFunction | undefined): boolean {
  if (!fn) return false;
  return modelOf(fn).operations.some((operation, i) => operation.kind === 'call' && calledName(operation) === 'then' && isChain(fn, i));
}
