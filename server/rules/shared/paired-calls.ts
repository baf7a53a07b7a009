// Paired calls: two methods of one object, or two functions of one module, of which one takes what the other gives back.
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, lastName, type Place } from '../../model/place';
import { receiverOf } from '../../summary/cells';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { placeName } from './place-names';
import type { TakenOrigins } from './taken-origins';
import { PAIRS } from './taking-words';
import type { FoundTakings } from './takings';

/** A call in an inner function that may give something back. */
export interface InnerCall {
  readonly fn: ResolvedFunction;
  readonly point: Point;
  readonly call: Call;
}

/** `await this.acquire(key)` … `this.release(key)`: two methods of one object, or two functions of one module. */
export function pairCalls(fn: ResolvedFunction, inner: readonly InnerCall[], origins: TakenOrigins, found: FoundTakings): void {
  const { operations } = modelOf(fn);
  const named = (operation: Operation, point: Point, inside?: ResolvedFunction) => {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place' || (!inside && found.has(point))) return [];
    const { place } = operation.callee;
    const name = lastName(place);
    const runs = operation.arguments.some(({ value }) => value.kind === 'function');
    if (name === undefined || runs || place.path.at(-1) === ELEMENT) return [];
    // Parameters and outcomes of an inner function are its own.
    if (inside && place.path.length > 0 && (place.root.kind === 'parameter' || place.root.kind === 'result' || place.root.kind === 'unknown')) return [];
    return [{ operation, point, name, on: origins.keyOf(ownerOf(place)), inside }];
  };
  const calls = operations.flatMap((operation, point) => named(operation, point));
  const givers = [...calls, ...inner.flatMap((each) => named(each.call, each.point, each.fn))];
  for (const [takes, gives] of PAIRS) {
    for (const give of givers) {
      const given = gives.exec(give.name);
      if (!given) continue;
      for (const take of calls) {
        const taken = takes.exec(take.name.replace(/^(?:try|_)+_?(\w)/, (_, first: string) => first.toLowerCase()));
        if (!taken || take.on !== give.on || (!give.inside && take.point >= give.point) || !isSame(taken[1], given[1]) || (/^get/.test(take.name) && !given[1]))
          continue;
        const key = `${take.on} ${(taken[1] ?? '').toLowerCase()}`;
        const what = taken[1] ? taken[1].replace(/^_/, '').toLowerCase() : '';
        const name = what === 'transaction' || /^begin$/.test(take.name) ? 'the transaction' : what !== '' ? `the ${what}` : lockNameOf(take.operation, fn);
        found.add(take.point, 'acquire', key, name, /^_*try/.test(take.name));
        found.give(key, name, take.point, give.point, give.inside);
      }
    }
  }
}

/** What a person calls what a call takes: what it is called on. */
export function lockNameOf(call: Call, fn: ResolvedFunction): string {
  const receiver = receiverOf(call.callee);
  return receiver?.kind === 'place' ? (placeName(modelOf(fn), receiver.place) ?? 'the lock') : 'the lock';
}

function ownerOf({ root, path }: Place): Place {
  if (path.length > 0) return { root, path: path.slice(0, -1) };
  return { root: root.kind === 'import' ? { kind: 'import', specifier: root.specifier } : { kind: 'global', name: 'here' }, path: [] };
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  const bare = (text: string | undefined) => (text ?? '').replace(/^_|Lock$|_lock$/g, '').toLowerCase();
  return bare(a) === bare(b) || b === undefined;
}
