// View sinks: the places that a user interface shows: React setters, Vue refs, Svelte, zustand and mobx stores, elements of a page.
import { placeOf } from '../../model/calls';
import type { Call, Write } from '../../model/operation';
import type { Place } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { ResolvedFunction } from '../../summary/resolved';
import type { StoredAnswer } from './stored-answers';
import { calledAs, viewVariable } from './view-state';

type Sink = Pick<StoredAnswer, 'into' | 'kind'>;

const SHOWN = /^(?:innerHTML|outerHTML|innerText|textContent|srcdoc|src|value|title|hidden)$/;

export const sinkOf = {
  /** What a call stores its argument in. */
  call(operation: Call, fn: ResolvedFunction, facts: Facts): Sink | undefined {
    if (operation.callee.kind !== 'place') return undefined;
    const { place } = operation.callee;
    if (place.path.length > 0 || viewVariable(place, fn, facts)?.role !== 'dispatcher') return sinkOf.callee(place, fn, facts);
    return { into: 'the reducer’s state', kind: 'view' };
  },

  /** What calling a place stores the argument in. */
  callee(place: Place, fn: ResolvedFunction, facts: Facts): Sink | undefined {
    const { root, path } = place;
    const variable = viewVariable(place, fn, facts);
    const name = path.at(-1) ?? ('name' in root ? root.name : undefined) ?? '';
    if (path.length === 0 && variable?.role === 'setter') return { into: stateOf(name), kind: 'view' };
    if (path.length === 1 && variable?.role === 'box' && /^(?:set|next)$/.test(name)) return { into: nameOf(root), kind: 'store' };
    if (name === 'setState' && (variable?.role === 'store' || root.kind === 'receiver' || (root.kind === 'import' && /^use\w*Store$/.test(root.name ?? ''))))
      return { into: root.kind === 'receiver' ? 'the state' : nameOf(root), kind: root.kind === 'receiver' ? 'view' : 'store' };
    if (path.length === 0 && name === 'set' && root.kind === 'variable' && isStoreMaker(fn, root.function)) return { into: 'the store', kind: 'store' };
    if (path.length === 1 && name === 'replaceChildren' && variable?.role === 'element') return { into: nameOf(root), kind: 'element' };
    return undefined;
  },

  /** What an assignment stores its value in. */
  write({ place }: Write, fn: ResolvedFunction, facts: Facts): Sink | undefined {
    const { root, path } = place;
    const variable = viewVariable(place, fn, facts);
    if (variable?.role === 'box') return path.length === 1 && path[0] === 'value' ? { into: `${nameOf(root)}.value`, kind: 'store' } : undefined;
    if (variable?.role === 'record') return path.length > 0 ? { into: [nameOf(root), ...path].join('.'), kind: 'store' } : undefined;
    if (variable?.role === 'element') return path.length === 1 && SHOWN.test(path[0]) ? { into: `${nameOf(root)}.${path[0]}`, kind: 'element' } : undefined;
    if (variable?.role === 'reference' || variable?.role === 'input') return undefined;
    if (root.kind === 'receiver' && path.length === 1) {
      const observed = isObserved(fn, root.class);
      return { into: `this.${path[0]}`, kind: observed ? 'store' : 'field' };
    }
    if (root.kind === 'module') return { into: [root.name, ...path].join('.'), kind: 'variable' };
    if (root.kind === 'variable') return path.length === 0 ? { into: root.name, kind: 'variable' } : undefined;
    return undefined;
  },

  /** State goes by the call that makes it, so that what is asked and what is set can be told to be the same. */
  keyOf(place: Place, fn: ResolvedFunction, facts: Facts): string | undefined {
    const pair = viewVariable(place, fn, facts)?.pair;
    return pair === undefined ? undefined : `pair ${pair}`;
  },

  /** The key of the state that a call sets. */
  settingKey(operation: Call, fn: ResolvedFunction, facts: Facts): string | undefined {
    const place = placeOf(operation);
    return place && place.path.length === 0 && viewVariable(place, fn, facts)?.role === 'setter' ? sinkOf.keyOf(place, fn, facts) : undefined;
  },
};

function nameOf(root: Place['root']): string {
  return ('name' in root ? root.name : undefined) ?? '';
}

/** `rows` of `setRows`. */
function stateOf(setter: string): string {
  const name = setter.replace(/^(?:set|update)/, '');
  return name === '' ? setter : name[0].toLowerCase() + name.slice(1);
}

/** `create((set, get) => ({ … }))` of zustand, whatever stands between. */
function isStoreMaker(fn: ResolvedFunction, index: number): boolean {
  const maker = fn.module.module.functions[index];
  if (maker.parameters[0]?.name !== 'set') return false;
  return Object.values(fn.module.bindings).some((binding) => binding.kind === 'import' && /zustand/.test(binding.specifier));
}

/** A class that a user interface watches. */
function isObserved(fn: ResolvedFunction, index: number): boolean {
  const { classes, functions } = fn.module.module;
  const constructor = new Map(Object.entries(classes[index]?.methods ?? {})).get('constructor');
  if (constructor === undefined) return false;
  return functions[constructor].operations.some((operation) => operation.kind === 'call' && /^make(?:Auto)?Observable$/.test(calledAs(operation)));
}
