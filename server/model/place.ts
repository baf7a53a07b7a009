// Places: the access paths that the analysis tracks instead of variables.

/**
 * Where an access path begins.
 * Functions and classes are named by their index in their module; that index is their position in source order.
 */
export type Root =
  /** `self` or `this` of an instance of the class; also inside closures of its methods. */
  | { readonly kind: 'receiver'; readonly class: number }
  /** The class object itself: `cls`, `type(self)`, `this` in a static method. */
  | { readonly kind: 'class'; readonly class: number }
  /** A parameter of the function that holds the operation. */
  | { readonly kind: 'parameter'; readonly index: number }
  /** A local variable or parameter of `function` that an inner function captures; the same root in both of them. */
  | { readonly kind: 'variable'; readonly function: number; readonly name: string }
  /** A module-level name of this file: variable, function, class or re-bound import. */
  | { readonly kind: 'module'; readonly name: string }
  /** What an import brought in: `name` of `specifier`, or the whole module when `name` is absent. */
  | { readonly kind: 'import'; readonly specifier: string; readonly name?: string }
  /** A built-in or ambient name: `print`, `dict`, `navigator`, `Promise`. */
  | { readonly kind: 'global'; readonly name: string }
  /** What operation number `operation` of the same function produced (a call, or an await). */
  | { readonly kind: 'result'; readonly operation: number }
  /** Something whose origin is not known. */
  | { readonly kind: 'unknown' };

/**
 * An access path: a root and the steps from it. A step is an attribute name, or `ELEMENT` for any element of a
 * container. `self._items[k].total` is `{ root: receiver, path: ['_items', ELEMENT, 'total'] }`.
 */
export interface Place {
  readonly root: Root;
  readonly path: readonly string[];
}

/** The step to any element of a container. */
export const ELEMENT = '[*]';

/** The place reached from `place` by further steps. */
export function extendPlace(place: Place, ...steps: string[]): Place {
  return { root: place.root, path: [...place.path, ...steps] };
}

/** The last name of a place: `submit` of `self._pool.submit`, `print` of a builtin; undefined where it has none. */
export function lastName({ root, path }: Place): string | undefined {
  return path.at(-1) ?? ('name' in root ? root.name : undefined);
}

/** What a module goes by, without folders and extension: `sleep` of `./lib/sleep.js`. */
export function moduleName(specifier: string): string {
  return specifier.replace(/^.*\//, '').replace(/\.[cm]?[jt]sx?$/, '');
}

/** A place as text, for people and as a key within one module: `receiver(2)._items[*].total`. */
export function printPlace(place: Place): string {
  return printRoot(place.root) + place.path.map((step) => (step === ELEMENT ? step : `.${step}`)).join('');
}

function printRoot(root: Root): string {
  switch (root.kind) {
    case 'receiver':
      return `receiver(${root.class})`;
    case 'class':
      return `class(${root.class})`;
    case 'parameter':
      return `parameter(${root.index})`;
    case 'variable':
      return `variable(${root.function}:${root.name})`;
    case 'module':
      return `module:${root.name}`;
    case 'import':
      return root.name === undefined ? `import(${root.specifier})` : `import(${root.specifier}:${root.name})`;
    case 'global':
      return `global:${root.name}`;
    case 'result':
      return `result(${root.operation})`;
    case 'unknown':
      return 'unknown';
  }
}
