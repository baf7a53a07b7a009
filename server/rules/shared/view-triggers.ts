// View triggers: what makes a function of a user interface run, so that one run can begin while another waits.
import type { Call } from '../../model/operation';
import type { Value } from '../../model/value';
import type { Facts } from '../../summary/facts';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { forEachPlace } from './mentioned-places';
import { readsVarying } from './varying-requests';
import { calledAs, functionOf, viewVariable } from './view-state';

/**
 * `effect`: an effect whose dependencies change; `once`: one whose dependencies do not; `watch`: a watcher; `input`: a
 * listener for what people type, scroll or navigate; `event`: another event of the page; `interval`; `offered`: whoever
 * gets the function from a hook, a composable or a store.
 */
export type TriggerKind = 'effect' | 'once' | 'watch' | 'input' | 'event' | 'interval' | 'offered';

export interface Trigger {
  readonly kind: TriggerKind;
  readonly site: Site;
}

const EFFECT = /^use(?:Layout|Insertion|Async|Update|Debounced?|IsomorphicLayout|Focus|DeepCompare|Custom)*Effect$|^createEffect$/;
const TYPED = /^(?:input|change|keyup|keydown|keypress|search|scroll|select|hashchange|popstate|focus|compositionend|resize|visibilitychange)$/;
const LISTENS = /^(?:addEventListener|on|addListener|listen)$/;
const LATER =
  /^(?:setTimeout|requestAnimationFrame|requestIdleCallback|queueMicrotask|setImmediate|debounce|throttle|useDebouncedCallback|useThrottledCallback|useDebounceFn|then|catch|finally|nextTick|useCallback|useMemoizedFn|useEvent)$/;
const DEEPEST = 4;

/** What makes a function run. */
export function triggersOf(fn: ResolvedFunction, facts: Facts): readonly Trigger[] {
  return facts.once(triggersOf, fn.key, () => {
    const search = new TriggerSearch(facts, fn.module.file);
    search.look(fn.index, 0);
    return search.found;
  });
}

class TriggerSearch {
  readonly found: Trigger[] = [];
  private readonly seen = new Set<number>();

  constructor(
    private readonly facts: Facts,
    private readonly file: string,
  ) {}

  look(index: number, depth: number): void {
    if (depth > DEEPEST || this.seen.has(index)) return;
    this.seen.add(index);
    for (const use of usesOf(this.file, this.facts).get(index) ?? []) this.use(use, depth);
  }

  private use({ fn, point, call, argument }: Use, depth: number): void {
    const site: Site = { function: fn.key, point };
    if (!call) {
      this.found.push({ kind: 'offered', site });
      return;
    }
    // Called: whatever makes its caller run.
    if (argument === undefined) return this.look(fn.index, depth + 1);
    const name = calledAs(call);
    if (EFFECT.test(name)) this.found.push({ kind: argument === 0 && this.changes(call, fn) ? 'effect' : 'once', site });
    else if (/^watch(?:Effect|Debounced|Throttled|PostEffect|Immediate|SyncEffect)?$/.test(name)) this.found.push({ kind: 'watch', site });
    else if (/^setInterval$|^useInterval(?:Fn)?$/.test(name)) {
      this.found.push({ kind: 'interval', site });
      this.look(fn.index, depth + 1);
    } else if (LISTENS.test(name)) {
      const event = call.arguments[0]?.value;
      this.found.push({ kind: event?.kind === 'constant' && TYPED.test(String(event.value)) ? 'input' : 'event', site });
    } else if (/^on[A-Z]/.test(call.arguments[argument].name ?? '')) {
      this.found.push({
        kind: /^on(?:Change|Input|Search|Scroll|Select\w*|Key\w*|TextChange|ChangeText|ValueChange|EndReached)$/.test(call.arguments[argument].name!)
          ? 'input'
          : 'event',
        site,
      });
    } else if (LATER.test(name)) this.look(fn.index, depth + 1);
  }

  /** Whether an effect runs again because something that the component shows has changed. */
  private changes(call: Call, fn: ResolvedFunction): boolean {
    const deps = call.arguments[1];
    if (!deps) return true;
    if (deps.value.kind !== 'collection') return false;
    return deps.value.items.some((item) => this.changing(item, fn, 0));
  }

  private changing(value: Value, fn: ResolvedFunction, depth: number): boolean {
    if (value.kind !== 'place') return value.kind === 'unknown';
    const { root } = value.place;
    if (root.kind === 'parameter') return true;
    if (root.kind === 'result') {
      const made = modelOf(fn).operations[root.operation];
      if (made?.kind !== 'call') return false;
      const called = calledAs(made);
      if (/^use(?:State|Reducer)$/.test(called)) return true;
      return /^use(?:Memo|Params|SearchParams|Debounce\w*|Location|Context|Route|Query\w*|Selector|AppSelector|DeferredValue)$/.test(called);
    }
    const variable = viewVariable(value.place, fn, this.facts);
    if (variable?.role === 'state' || variable?.role === 'input') return true;
    if (variable?.role !== 'callback' || variable.function === undefined || depth > 2) return false;
    // `useCallback` gives a new function when what it depends on changes; a plain function is a new one each time.
    const inner = this.facts.program.functions.get(fn.module.functionKeys[variable.function]);
    if (variable.deps === undefined) return inner !== undefined && readsVarying(inner, this.facts);
    return variable.deps.some((dep) => this.changing(dep, fn, depth + 1));
  }
}

/** Where a function is called or handed on. */
interface Use {
  readonly fn: ResolvedFunction;
  readonly point: number;
  readonly call?: Call;
  /** Which argument of the call it is; undefined where it is what is called. */
  readonly argument?: number;
}

/** Where the functions of a file are called or handed on, by index. */
function usesOf(file: string, facts: Facts): ReadonlyMap<number, readonly Use[]> {
  return facts.once(usesOf, file, () => {
    const found = new Map<number, Use[]>();
    const add = (index: number | undefined, use: Use) => {
      if (index === undefined) return;
      const known = found.get(index);
      if (known) known.push(use);
      else found.set(index, [use]);
    };
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind === 'call') {
          add(functionOf(operation.callee, fn, facts), { fn, point, call: operation });
          for (const [argument, { value, name }] of operation.arguments.entries()) {
            if (value.kind === 'collection' && name === undefined && value.type === 'object') continue;
            forEachFunction(value, fn, facts, (index) => add(index, { fn, point, call: operation, argument }));
          }
        } else if (operation.kind === 'return' || operation.kind === 'write') {
          if (operation.kind === 'write' && (operation.value.kind !== 'collection' || operation.place.path.length > 0)) continue;
          // What a function of this file gives back to another of its callbacks is no offer.
          if (operation.kind === 'return' && modelOf(fn).kind === 'lambda' && operation.value.kind === 'function') continue;
          forEachFunction(operation.value, fn, facts, (index) => add(index, { fn, point }));
        }
      }
    }
    return found;
  });
}

function forEachFunction(value: Value, fn: ResolvedFunction, facts: Facts, visit: (index: number) => void): void {
  const direct = functionOf(value, fn, facts);
  if (direct !== undefined) visit(direct);
  else if (value.kind === 'collection') for (const item of value.items) forEachFunction(item, fn, facts, visit);
  else if (value.kind === 'place') forEachPlace(value, () => undefined);
}
