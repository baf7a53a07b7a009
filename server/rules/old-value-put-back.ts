// A part of shared state is copied, and after an await the copy is put back into it through an updater, over what has taken its place.
import type { Operation } from '../model/operation';
import { lastName, type Place } from '../model/place';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Rule } from './rule';
import { asyncFunctions } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { inFlightTwice } from './shared/in-flight';
import { first, second, twoCalls } from './shared/interleavings';
import { isOneAtATime } from './shared/one-at-a-time';

export const oldValuePutBack: Rule = {
  id: 'old-value-put-back',
  family: 'await-race',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      const found = (facts.contextOf(fn.key).entry?.length ?? 0) > 0 || isOneAtATime(fn, facts) ? undefined : putBackIn(fn, facts);
      if (!found) continue;
      const known = inFlightTwice(fn, true, facts)?.known ?? false;
      const name = callOfKey(fn.key);
      const changer = callOfKey(found.changed.function);
      yield {
        rule: oldValuePutBack.id,
        family: oldValuePutBack.family,
        severity: known ? 'warning' : 'information',
        confidence: known ? 0.75 : 0.55,
        site: { function: found.updater, point: found.write },
        message: `Lost update: ${found.name} is set back to what it was before the await: ${name} copies it, waits, and puts the copy into the state again, over what ${changer} may have put there meanwhile. Take ${found.name} from the state as it is when it is updated, or leave it out of the update.`,
        related: [
          { site: { function: fn.key, point: found.read }, message: `${name}: copies ${found.name}` },
          { site: { function: fn.key, point: found.awaited }, message: `${name}: waits here` },
          { site: found.changed, message: `Meanwhile: ${changer} sets another ${found.name}` },
          { site: { function: found.updater, point: found.write }, message: `${name}: puts the old one back` },
        ],
        interleaving: {
          sides: twoCalls(fn.key, found.changed.function),
          steps: [
            first({ function: fn.key, point: found.read }, `copies ${found.name}`),
            givesWay({ function: fn.key, point: found.awaited }),
            second(found.changed, `sets another ${found.name}`),
            first({ function: found.updater, point: found.write }, `puts the old ${found.name} back`),
          ],
          harm: 'lost',
          outcome: `What ${changer} has set is gone.`,
        },
        fixes: [],
      };
    }
  },
};

interface PutBack {
  readonly name: string;
  readonly read: number;
  readonly awaited: number;
  readonly updater: FunctionKey;
  readonly write: number;
  readonly changed: { readonly function: FunctionKey; readonly point: number };
}

function putBackIn(fn: ResolvedFunction, facts: Facts): PutBack | undefined {
  const { operations } = modelOf(fn);
  for (const [point, call] of operations.entries()) {
    if (call.kind !== 'call') continue;
    for (const { value } of call.arguments) {
      const updater = value.kind === 'function' ? fn.module.module.functions[value.function] : undefined;
      if (value.kind !== 'function' || !updater || updater.isAsync) continue;
      for (const [write, operation] of updater.operations.entries()) {
        const name = fieldOfParameter(operation);
        const copy = name === undefined ? undefined : copyOf(fn, operation, name);
        const awaited = copy === undefined ? -1 : operations.findIndex((each, number) => each.kind === 'await' && number > copy && number < point);
        const key = fn.module.functionKeys[value.function];
        const changed = awaited < 0 ? undefined : changedElsewhere(fn, name!, facts);
        if (copy !== undefined && changed) return { name: name!, read: copy, awaited, updater: key, write, changed };
      }
    }
  }
  return undefined;
}

/** `state.token = …` in a function that is handed the state. */
function fieldOfParameter(operation: Operation): string | undefined {
  if (operation.kind !== 'write' || operation.mode !== 'assign' || operation.place.path.length === 0) return undefined;
  return operation.place.root.kind === 'parameter' ? operation.place.path.at(-1) : undefined;
}

/** Where the function has read the value that the updater writes, from a field of the same name, into a variable of its own. */
function copyOf(fn: ResolvedFunction, operation: Operation, name: string): number | undefined {
  const place = operation.kind === 'write' && operation.value.kind === 'place' ? operation.value.place : undefined;
  if (place?.root.kind !== 'variable' || place.root.function !== fn.index || place.path.length > 0) return undefined;
  const { operations } = modelOf(fn);
  const writes = operations.flatMap((each) => (each.kind === 'write' && isSame(each.place, place) ? [each] : []));
  if (writes.length !== 1 || writes[0].value.kind !== 'place' || lastName(writes[0].value.place) !== name) return undefined;
  return writes[0].depends.find((number) => {
    const read = operations[number];
    return read.kind === 'read' && read.place.root.kind === 'receiver' && lastName(read.place) === name;
  });
}

function isSame(a: Place, b: Place): boolean {
  return a.root.kind === 'variable' && b.root.kind === 'variable' && a.root.function === b.root.function && a.root.name === b.root.name && a.path.length === 0;
}

/** Another method, with its updaters, that sets a field of this name. */
function changedElsewhere(fn: ResolvedFunction, name: string, facts: Facts): PutBack['changed'] | undefined {
  for (const other of facts.functionsIn(fn.module.file)) {
    if (other.key === fn.key || other.key.startsWith(`${fn.key}.`) || modelOf(other).kind === 'constructor') continue;
    if (modelOf(other).class !== modelOf(fn).class) continue;
    const point = modelOf(other).operations.findIndex(
      (each) => each.kind === 'write' && each.place.path.length > 0 && lastName(each.place) === name && /^(?:parameter|receiver)$/.test(each.place.root.kind),
    );
    if (point >= 0) return { function: other.key, point };
  }
  return undefined;
}
