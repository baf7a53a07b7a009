// Grouping: maps of lists and maps of maps, filled without a look first, and read in an order that edits do not change.

/** Adds a value to the list under a key. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The items under what `keyOf` gives for them, in their order. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return groups;
}

/** The map under a key; an empty one is put there where there is none. */
export function innerMap<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map()));
  return inner;
}

/** A map's entries in the order of their keys, so that nothing depends on the order in which files were edited. */
export function byKey<T>(map: ReadonlyMap<string, T> | undefined): [string, T][] {
  return [...(map ?? [])].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}
