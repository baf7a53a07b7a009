// Object flow: what one function does with an object: the methods it calls on it, and where it puts it.
import type { ModelFunction } from '../../model/module';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, type Place, printPlace } from '../../model/place';
import type { Value } from '../../model/value';
import { withPoints } from '../../summary/structure';
import type { Point } from '../../summary/summary';

/** One thing that is done with an object. */
export type Flow =
  /** A method is called on it, or handed to somebody who will (`atexit.register(pool.shutdown)`). */
  | { readonly kind: 'method'; readonly name: string; readonly point: Point; readonly call?: Call }
  /** An attribute of it is read or written. */
  | { readonly kind: 'attribute'; readonly name: string; readonly point: Point; readonly value?: Value }
  | { readonly kind: 'argument'; readonly position: number; readonly name?: string; readonly point: Point; readonly call: Call }
  | { readonly kind: 'stored'; readonly place: Place; readonly point: Point }
  | { readonly kind: 'entered' | 'returned' | 'lost'; readonly point: Point };

/** Methods that put their argument into a container. */
const PUTS_IN = /^(?:append|appendleft|add|extend|insert|setdefault|update)$/;
/** Built-in functions that give what they were given, or its elements, again. */
const GIVES_AGAIN = /^(?:list|tuple|set|frozenset|sorted|reversed|iter|next|enumerate|zip|filter|dict)$/;
/** Methods of containers that give elements. */
const GIVES_ELEMENTS = /^(?:values|items|copy|pop|popleft|popitem|get|setdefault)$/;

/**
 * What a function does with the object that stands in `places`, or that the operations `origins` (calls that make it,
 * reads of where it lives) give. Elements of a container count as the object itself; `contained`: the places are such containers.
 */
export function flowsOf(model: ModelFunction, origins: readonly number[], places: readonly Place[], contained = false): Flow[] {
  const sources = new Set(origins);
  const prefixes = places.map(printPlace);
  const flows: Flow[] = [];
  model.operations.forEach((operation, point) => {
    for (const flow of flowsAt(operation, point)) flows.push(flow);
    if ((operation.kind === 'call' && givesAgain(operation)) || (operation.kind === 'await' && mentions(operation.value))) {
      sources.add(point);
      prefixes.push(printPlace({ root: { kind: 'result', operation: point }, path: [] }));
    }
  });
  for (const [step, point] of withPoints(model)) {
    if (step.value.kind === 'place' && restOf(step.value.place)?.length === 0) flows.push({ kind: 'entered', point });
    else if (step.value.kind === 'unknown' && step.depends.some((number) => sources.has(number))) flows.push({ kind: 'entered', point });
  }
  return flows;

  function flowsAt(operation: Operation, point: Point): Flow[] {
    switch (operation.kind) {
      case 'call':
        return callFlows(operation, point);
      case 'read': {
        const rest = restOf(operation.place);
        return rest?.length === 1 ? [{ kind: 'attribute', name: rest[0], point }] : [];
      }
      case 'write': {
        const rest = restOf(operation.place);
        if (rest?.length === 1) return [{ kind: 'attribute', name: rest[0], point, value: operation.value }];
        if (mentions(operation.value)) return [{ kind: 'stored', place: operation.place, point }];
        return operation.value.kind === 'unknown' && dependsDirectly(operation.depends) && rest === undefined
          ? [{ kind: 'stored', place: operation.place, point }]
          : [];
      }
      case 'return':
      case 'yield':
        return mentions(operation.value) || isLost(operation.value, operation.depends) ? [{ kind: 'returned', point }] : [];
      default:
        return [];
    }
  }

  function callFlows(call: Call, point: Point): Flow[] {
    const flows: Flow[] = [];
    if (call.callee.kind === 'place') {
      const { place } = call.callee;
      const rest = restOf(place);
      const name = place.path.at(-1);
      if (rest?.length === 1) flows.push({ kind: 'method', name: rest[0], point, call });
      else if (rest?.length === 0) flows.push({ kind: 'method', name: '__call__', point, call });
      else if (place.root.kind === 'unknown' && name !== undefined && call.depends.some((number) => sources.has(number) && !fromArguments(call, number)))
        flows.push({ kind: 'method', name, point, call });
    }
    call.arguments.forEach((argument, position) => {
      const bound = argument.value.kind === 'place' ? restOf(argument.value.place) : undefined;
      if (bound?.length === 1) flows.push({ kind: 'method', name: bound[0], point });
      else if (mentions(argument.value) || isLost(argument.value, argument.depends)) {
        if (givesAgain(call)) return;
        flows.push({ kind: 'argument', position, name: argument.name, point, call });
      }
    });
    return flows;
  }

  /** `list(it)`, `it.values()`: what comes out is the object, or its elements. */
  function givesAgain(call: Call): boolean {
    if (call.callee.kind !== 'place') return false;
    const { place } = call.callee;
    if (place.root.kind === 'global' && place.path.length === 0 && GIVES_AGAIN.test(place.root.name))
      return call.arguments.some((argument) => mentions(argument.value));
    const rest = restOf(place);
    // A queue's or a future's get() takes no key.
    return contained && rest?.length === 1 && GIVES_ELEMENTS.test(rest[0]) && (rest[0] !== 'get' || takesKey(call));
  }

  /** The steps behind the object, without those to elements; undefined for something else. */
  function restOf(place: Place): readonly string[] | undefined {
    const printed = printPlace(place);
    for (const prefix of prefixes) {
      if (!printed.startsWith(prefix)) continue;
      const rest = printed.slice(prefix.length).replaceAll(ELEMENT, '');
      if (rest === '') return [];
      if (rest.startsWith('.')) return rest.slice(1).split('.');
    }
    return undefined;
  }

  function mentions(value: Value): boolean {
    if (value.kind === 'collection') return value.items.some(mentions);
    return value.kind === 'place' && restOf(value.place)?.length === 0;
  }

  function isLost(value: Value, depends: readonly number[]): boolean {
    return value.kind === 'unknown' && dependsDirectly(depends);
  }

  function dependsDirectly(depends: readonly number[]): boolean {
    return depends.some((number) => sources.has(number));
  }
}

/** Whether a flow puts the object into a container, and the place of that. */
export function containerOf(flow: Flow): Place | undefined {
  if (flow.kind !== 'argument' || flow.call.callee.kind !== 'place') return undefined;
  const { root, path } = flow.call.callee.place;
  return path.length > 0 && PUTS_IN.test(path.at(-1)!) ? { root, path: path.slice(0, -1) } : undefined;
}

function fromArguments(call: Call, number: number): boolean {
  return call.arguments.some((argument) => argument.depends.includes(number));
}

function takesKey(call: Call): boolean {
  const [first] = call.arguments;
  return first !== undefined && first.name === undefined && !(first.value.kind === 'constant' && typeof first.value.value !== 'string');
}
