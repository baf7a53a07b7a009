// A buffer is used, sent again or kept after it has been transferred to another thread, when it is empty here.
import { calledName, methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { ELEMENT, type Place, printPlace } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { argumentsFor, parameterOf } from '../summary/call-arguments';
import { cellOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround, pointsIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { mayFollow } from './shared/atomic-words';
import { type MessageSite, messageSites, sendsMessages } from './shared/message-sites';

export const bufferUsedAfterTransfer: Rule = {
  id: 'buffer-used-after-transfer',
  family: 'non-cloneable',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: sendsMessages,
  fixes: [],
  *check(file, facts) {
    for (const site of messageSites(file, facts)) {
      for (const moved of transferred(site)) {
        const fault = faultOf(site, moved, facts);
        if (!fault) continue;
        yield findingOf(site, moved, fault);
        break;
      }
    }
  },
};

/** `loop`: each round transfers the same; `used`: it is used afterwards; `kept`: it stays where others take it from; `field`: the next call transfers it again. */
type Fault = { readonly kind: 'loop' | 'used' | 'kept' | 'field'; readonly site: Site };

/** The places of the buffers in a transfer list, or of the arrays over them. */
function transferred(site: MessageSite): Place[] {
  const list = site.transfer?.value;
  if (list?.kind !== 'collection') return [];
  // `{ transfer: […] }` is told by name.
  const items = list.type === 'array' ? list.items : [];
  return items.flatMap((item) => {
    if (item.kind !== 'place' || item.place.root.kind === 'unknown') return [];
    const { root, path } = item.place;
    return [path.at(-1) === 'buffer' ? { root, path: path.slice(0, -1) } : item.place];
  });
}

function faultOf(site: MessageSite, moved: Place, facts: Facts): Fault | undefined {
  const { fn, point } = site;
  if (isRepeated(site, moved, facts)) return { kind: 'loop', site: { function: fn.key, point } };
  const later = usedLater(site, moved, facts);
  if (later !== undefined) return { kind: 'used', site: { function: fn.key, point: later } };
  return keptBy(site, moved, facts) ?? fieldFault(site, moved, facts);
}

/** Whether a loop comes back to the transfer with the same buffer. */
function isRepeated({ fn, point }: MessageSite, moved: Place, facts: Facts): boolean {
  const model = modelOf(fn);
  if (moved.path.includes(ELEMENT)) return false;
  const loop = loopAround(model, point);
  if (loop) {
    const inside = pointsIn(model, loop.body);
    const isLeft = inside.some((each) => each > point && mayFollow(fn, point, each) && ['return', 'break', 'raise'].includes(model.operations[each]?.kind));
    if (isLeft || isWrittenIn(fn, inside, moved)) return false;
    const first = Math.min(...inside.filter((each) => each >= 0));
    // What a local variable holds may be another thing in each round, which is not told apart.
    return moved.root.kind === 'result' ? moved.root.operation < first && moved.path.length === 0 : moved.root.kind === 'parameter';
  }
  if (moved.root.kind !== 'variable' || moved.path.length > 0 || model.kind !== 'lambda') return false;
  const outer = fn.module.module.functions[model.parent ?? 0];
  const isCallback = outer.operations.some(
    (operation) =>
      operation.kind === 'call' &&
      /^(?:forEach|map)$/.test(methodOf(operation)) &&
      operation.arguments[0]?.value.kind === 'function' &&
      operation.arguments[0].value.function === fn.index,
  );
  const writes = facts.functionsIn(fn.module.file).filter((each) => isWrittenIn(each, modelOf(each).operations.keys(), moved));
  return isCallback && writes.every((each) => each.index === (moved.root.kind === 'variable' ? moved.root.function : -1));
}

function isWrittenIn(fn: ResolvedFunction, points: Iterable<number>, place: Place): boolean {
  const { operations } = modelOf(fn);
  const wanted = printPlace(place);
  for (const point of points) {
    const operation = operations[point];
    if (operation?.kind === 'write' && wanted.startsWith(printPlace(operation.place))) return true;
  }
  return false;
}

/** The first operation after the transfer that works with what has been transferred. */
function usedLater({ fn, point }: MessageSite, moved: Place, facts: Facts): number | undefined {
  const { operations } = modelOf(fn);
  const wanted = printPlace(moved);
  const isOf = (place: Place) => {
    const printed = printPlace(place);
    return printed === wanted || (printed.startsWith(wanted) && /^[.[]/.test(printed.slice(wanted.length)));
  };
  const mentions = (value: Value): boolean => (value.kind === 'place' ? isOf(value.place) : value.kind === 'collection' && value.items.some(mentions));
  for (let at = point + 1; at < operations.length; at++) {
    const operation = operations[at];
    if (!mayFollow(fn, point, at)) continue;
    if (operation.kind === 'write' && wanted.startsWith(printPlace(operation.place)) && operation.place.path.at(-1) !== ELEMENT) return undefined;
    const touches =
      operation.kind === 'call'
        ? (operation.callee.kind === 'place' && operation.callee.place.path.length > 0 && isOf(operation.callee.place)) ||
          operation.arguments.some((argument) => mentions(argument.value))
        : (operation.kind === 'read' || operation.kind === 'write') && isOf(operation.place) && printPlace(operation.place) !== wanted;
    if (touches && isBuffer(fn, moved, facts)) return at;
  }
  return undefined;
}

/** Ports and streams are transferred too, and may be asked to close. */
function isBuffer(fn: ResolvedFunction, place: Place, facts: Facts): boolean {
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, place);
  return !(type?.kind === 'library' && /Port$|Stream$|Canvas$/.test(type.name));
}

/** What is handed over comes out of a container that goes on holding it. */
function keptBy({ fn, point }: MessageSite, { root, path }: Place, facts: Facts): Fault | undefined {
  const { program } = facts;
  if (root.kind === 'result' && path.length > 0) {
    const got = containerRead(fn, root.operation);
    return got && !isTakenOut(fn, got.container) ? { kind: 'kept', site: { function: fn.key, point: got.point } } : undefined;
  }
  if (root.kind !== 'parameter' || point < 0) return undefined;
  for (const [caller, sites] of program.callers.get(fn.key) ?? []) {
    const from = program.functions.get(caller);
    if (!from || from.module.file !== fn.module.file) continue;
    for (const { point: at } of sites) {
      const call = modelOf(from).operations[at];
      const given =
        call?.kind === 'call'
          ? argumentsFor(program.resolver, call, fn.key).find((each) => parameterOf(program.resolver, fn.key, each) === root.index)
          : undefined;
      const made = resultOf(given?.value);
      const got = made === undefined ? undefined : containerRead(from, made);
      if (got && !isTakenOut(from, got.container)) return { kind: 'kept', site: { function: caller, point: at } };
    }
  }
  return undefined;
}

/** `this.cache.get(key)` */
function containerRead(fn: ResolvedFunction, number: number): { readonly point: number; readonly container: Place } | undefined {
  const call = modelOf(fn).operations[number];
  if (call?.kind !== 'call' || call.callee.kind !== 'place' || methodOf(call) !== 'get') return undefined;
  const { root, path } = call.callee.place;
  const isLasting = root.kind === 'receiver' || root.kind === 'module' || root.kind === 'variable';
  return isLasting && (path.length > 1 || root.kind !== 'receiver') ? { point: number, container: { root, path: path.slice(0, -1) } } : undefined;
}

function isTakenOut(fn: ResolvedFunction, container: Place): boolean {
  const wanted = printPlace(container);
  return modelOf(fn).operations.some(
    (operation) =>
      operation.kind === 'call' &&
      operation.callee.kind === 'place' &&
      /^(?:delete|clear|set)$/.test(calledName(operation)) &&
      printPlace({ root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) }) === wanted,
  );
}

/** A field that is filled and transferred in each call, and made only once. */
function fieldFault({ fn, point }: MessageSite, moved: Place, facts: Facts): Fault | undefined {
  const model = modelOf(fn);
  if (moved.root.kind !== 'receiver' || moved.path.length !== 1 || model.kind === 'constructor') return undefined;
  const cell = cellOf(facts.program.resolver, fn.module, fn.index, moved);
  const accesses = cell ? facts.accessesOf(cell.key) : [];
  if (accesses.some((access) => access.write && !access.cell.element && !isMaking(access.function, facts))) return undefined;
  const isFilled =
    model.operations.some((operation, at) => at < point && fills(operation.kind === 'call' ? operation : undefined, moved)) ||
    accesses.some((access) => access.write && access.cell.element && access.function === fn.key);
  return isFilled ? { kind: 'field', site: { function: fn.key, point } } : undefined;
}

function isMaking(key: string, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  return fn !== undefined && modelOf(fn).kind === 'constructor';
}

function fills(call: Call | undefined, array: Place): boolean {
  return (
    call?.callee.kind === 'place' &&
    /^(?:set|fill)$/.test(calledName(call)) &&
    printPlace({ root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) }) === printPlace(array)
  );
}

function findingOf({ fn, point }: MessageSite, moved: Place, { kind, site }: Fault): Finding {
  const at = { function: fn.key, point };
  const name = [...moved.path].reverse().find((step) => step !== ELEMENT);
  const it = name === undefined ? 'the buffer' : `the buffer of ${name}`;
  const empty = 'a transferred buffer belongs to the other side, and has no bytes here any more';
  const texts = {
    loop: `This transfers the same buffer in each round: ${empty}, so that the second round throws a DataCloneError. Transfer a copy to each, slice(0), or leave it out of the transfer list and have it copied.`,
    used: `This uses a buffer that has been transferred: ${empty}; reading gives nothing, and sending it again throws a DataCloneError. Use it before, transfer a copy, or leave it out of the transfer list.`,
    kept: `This transfers a buffer that stays where it is kept: ${empty}, so that whoever takes it from there next finds it empty, and sending it again throws a DataCloneError. Transfer a copy, or take it out of there first.`,
    field: `This transfers a buffer that the next call fills and transfers again: ${empty}, so that the next call works with an empty array and throws a DataCloneError. Make a new one after the transfer, or transfer a copy.`,
  };
  return {
    rule: bufferUsedAfterTransfer.id,
    family: bufferUsedAfterTransfer.family,
    severity: 'warning',
    confidence: 0.8,
    site: kind === 'used' ? site : at,
    message: texts[kind],
    related: [
      { site: at, message: `${it[0].toUpperCase()}${it.slice(1)} is transferred here` },
      ...(kind === 'used'
        ? [{ site, message: 'and used here' }]
        : kind === 'kept'
          ? [{ site, message: `${callOfKey(site.function)} has taken it from where it is kept` }]
          : []),
    ],
    fixes: [],
  };
}
