// View state: what the variables of a file are to a user interface: React state and its setters, Vue refs, Svelte and zustand stores, elements of a page.
import { calledName, placeOf } from '../../model/calls';
import type { Call, Operation } from '../../model/operation';
import { ELEMENT, moduleName, type Place, type Root } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

/**
 * `state`: as it was when the component was drawn; `setter` stores state; `reference`: a box with `.current`; `box`: one with
 * `.value`, `.set()`; `record`: an object whose fields are watched; `element`: of a page; `input`: what a component is given;
 * `callback`: a function; `steady`: what stays the same; `other`.
 */
export type ViewRole = 'state' | 'setter' | 'dispatcher' | 'reference' | 'box' | 'record' | 'store' | 'element' | 'input' | 'callback' | 'steady' | 'other';

export interface ViewVariable {
  readonly role: ViewRole;
  /** How often it is written, all functions of the file together. */
  readonly writes: number;
  /** Of a callback: its function, and what it is made anew for (`useCallback`); undefined where that is not said. */
  readonly function?: number;
  readonly deps?: readonly Value[];
  /** Of state and its setter: the call that made both. */
  readonly pair?: string;
}

/** The key of a variable; undefined for what is none. */
export function variableKey(root: Root): string | undefined {
  if (root.kind === 'variable') return `${root.function}:${root.name}`;
  return root.kind === 'module' ? `:${root.name}` : undefined;
}

/** What the variables of a file are, by `variableKey`. */
export function viewVariables(file: string, facts: Facts): ReadonlyMap<string, ViewVariable> {
  return facts.once(viewVariables, file, () => {
    const found = new Map<string, ViewVariable>();
    for (const fn of facts.functionsIn(file)) {
      for (const operation of modelOf(fn).operations) {
        if (operation.kind !== 'write' || operation.place.path.length > 0) continue;
        const key = variableKey(operation.place.root);
        if (key === undefined) continue;
        const before = found.get(key);
        const now = roleOf(operation.value, 'name' in operation.place.root ? (operation.place.root.name ?? '') : '', fn);
        // A variable that holds different things says nothing by what it holds first.
        found.set(key, before ? { ...before, role: before.role === now.role ? before.role : 'other', writes: before.writes + 1 } : { ...now, writes: 1 });
      }
    }
    return found;
  });
}

/** What a place begins with is to the user interface. */
export function viewVariable(place: Place, fn: ResolvedFunction, facts: Facts): ViewVariable | undefined {
  const key = variableKey(place.root);
  const known = key === undefined ? undefined : viewVariables(fn.module.file, facts).get(key);
  if (known || place.root.kind !== 'variable') return known;
  const { root } = place;
  const owner = fn.module.module.functions[root.function];
  // A parameter that an inner function captures is written nowhere.
  if (!owner.parameters.some((parameter) => parameter.name === root.name)) return undefined;
  return { role: SETTER.test(root.name) ? 'setter' : 'input', writes: 0 };
}

/** The function that a value stands for, also by the name of a variable. */
export function functionOf(value: Value, fn: ResolvedFunction, facts: Facts): number | undefined {
  if (value.kind === 'function') return value.function;
  const number = resultOf(value);
  if (number !== undefined) {
    const made = modelOf(fn).operations[number];
    return made?.kind === 'call' && isCallbackMaker(made) ? functionOf(made.arguments[0].value, fn, facts) : undefined;
  }
  if (value.kind !== 'place' || value.place.path.length > 0) return undefined;
  const { root } = value.place;
  const binding = root.kind === 'module' ? fn.module.bindings[root.name] : undefined;
  if (binding?.kind === 'function') return binding.function;
  return viewVariable(value.place, fn, facts)?.function;
}

/** The last name of what is called; what a file exports as its default goes by the file's name. */
export function calledAs(call: Call): string {
  if (call.callee.kind !== 'place') return '';
  const { root, path } = call.callee.place;
  if (root.kind === 'import' && root.name === 'default' && path.length === 0) return moduleName(root.specifier);
  return calledName(call);
}

const SETTER = /^(?:set|update)[A-Z]/;
const STEADY =
  /^use(?:Ref|Id|Dispatch|AppDispatch|QueryClient|ApolloClient|Client|Navigate|Navigation|Router|History|Translation|T|I18n|Toast|Snackbar|Theme|CurrentUser|User|Auth|Session|Me|Viewer|Config|Permissions|Store|Api|Api[A-Z]\w*|\w*(?:Client|Dispatch|Navigate|Translation|Toast|Store|Actions|Router))$/;

function isCallbackMaker(call: Call): boolean {
  return /^(?:useCallback|useEvent|useEffectEvent|useMemoizedFn|useEventCallback|useLatestCallback)$/.test(calledAs(call)) && call.arguments.length > 0;
}

function roleOf(value: Value, name: string, fn: ResolvedFunction): Omit<ViewVariable, 'writes'> {
  if (value.kind === 'function') return { role: 'callback', function: value.function };
  if (value.kind === 'constant') return { role: 'other' };
  if (value.kind !== 'place') return { role: 'other' };
  const { root, path } = value.place;
  // What a component or a composable is given.
  if (root.kind === 'parameter') return { role: SETTER.test(name) ? 'setter' : 'input' };
  if (root.kind !== 'result') return { role: 'other' };
  const made: Operation | undefined = modelOf(fn).operations[root.operation];
  return made?.kind === 'call' ? roleOfCall(made, path, name, `${fn.index}:${root.operation}`, fn) : { role: 'other' };
}

function roleOfCall(made: Call, path: readonly string[], name: string, pair: string, fn: ResolvedFunction): Omit<ViewVariable, 'writes'> {
  const called = calledAs(made);
  if (/^(?:useState|useReducer|createSignal|useStateWithCallback|useSafeState|useImmer)$/.test(called) && path[0] === ELEMENT) {
    if (/^(?:set|update)[A-Z]/.test(name)) return { role: 'setter', pair };
    return called === 'useReducer' && /dispatch/i.test(name) ? { role: 'dispatcher', pair } : { role: 'state', pair };
  }
  if (path.length === 0) {
    if (isCallbackMaker(made)) {
      const [callback, deps] = made.arguments;
      const inner = callback.value.kind === 'function' ? callback.value.function : undefined;
      return {
        role: 'callback',
        ...(inner === undefined ? {} : { function: inner }),
        ...(deps?.value.kind === 'collection' ? { deps: deps.value.items } : {}),
      };
    }
    if (called === 'useRef') return { role: 'reference' };
    if (/^(?:ref|shallowRef|customRef|useState|useLocalStorage|useStorage)$/.test(called)) return { role: 'box' };
    if (/^(?:signal|writable|atom|map|observable|BehaviorSubject)$/.test(called) && isFromViewLibrary(made)) return { role: 'box' };
    if (/^(?:reactive|shallowReactive)$/.test(called)) return { role: 'record' };
    if (/^(?:querySelector|getElementById|querySelectorAll|createElement|closest|getElementsByClassName)$/.test(called)) return { role: 'element' };
  }
  if (/^use[A-Z]/.test(called)) return { role: STEADY.test(called) ? 'steady' : 'input' };
  if (/^computed$|^toRefs?$|^storeToRefs$/.test(called)) return { role: 'input' };
  return { role: path.length === 0 && isZustand(made, fn) ? 'store' : 'other' };
}

function isFromViewLibrary(made: Call): boolean {
  const root = placeOf(made)?.root;
  return root?.kind === 'import' && /^(?:svelte|@angular|@preact|nanostores|rxjs|mobx|solid|@nanostores|vue)/.test(root.specifier);
}

function isZustand(made: Call, fn: ResolvedFunction): boolean {
  const callee = placeOf(made);
  if (callee?.root.kind === 'result') {
    const inner = modelOf(fn).operations[callee.root.operation];
    return inner?.kind === 'call' && isZustand(inner, fn);
  }
  return callee?.root.kind === 'import' && /^zustand/.test(callee.root.specifier);
}
