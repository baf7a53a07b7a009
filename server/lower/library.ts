// Library: every API that is known, under every name it has, from the models that ship and those that users add.
import { models } from '../../glossary/models';
import { type ApiEntry, type EntryMethod, type Library, libraryKey } from '../model/library';
import { type ReadModels, readModels } from './library-format';

/** The entries that ship; checked against the format when they are generated. */
export const shippedEntries: readonly ApiEntry[] = models as unknown as readonly ApiEntry[];

/** Names with more parts are not made up; a class that is a member of itself would have no end of them. */
const DEEPEST_NAME = 8;

/**
 * All APIs by `libraryKey`: entries under their names and aliases, members of aliased classes too
 * (`multiprocessing.Pool.map` is `multiprocessing.pool.Pool.map`), and members that a class has from its bases
 * (`multiprocessing.pool.ThreadPool.close`). Every key leads to an entry with its canonical name; a class that says
 * nothing of its lock or entry methods has those of its bases. A user's entry replaces the shipped one of the same name or alias.
 */
export function createLibrary(entries: readonly ApiEntry[] = shippedEntries, userEntries: readonly ApiEntry[] = []): Library {
  const library = new Map<string, ApiEntry>();
  for (const entry of [...entries, ...userEntries]) {
    library.set(libraryKey(entry.language, entry.name), entry);
    for (const alias of entry.aliases ?? []) library.set(libraryKey(entry.language, alias), entry);
  }
  for (const [key, entry] of [...library]) if (entry.kind === 'class' && entry.bases) library.set(key, withBases(entry, library));
  const own = membersByClass(library);
  // Classes that a name was made up from: `events.EventEmitter`, of which `EventEmitterAsyncResource` is a member and a subclass.
  const ways = new Map<string, readonly string[]>();
  // The loop also visits what it adds: a class that is a member of a class brings its own members.
  for (const [key, entry] of library) {
    if (entry.kind !== 'class' || key.split('.').length > DEEPEST_NAME) continue;
    const way = ways.get(key) ?? [];
    for (const ancestor of lineage(entry, library)) {
      for (const [member, found] of own.get(libraryKey(ancestor.language, ancestor.name)) ?? []) {
        const memberKey = `${key}.${member}`;
        if (library.has(memberKey)) continue;
        if (found.kind === 'class') {
          if (lineage(found, library).some(({ name }) => way.includes(name))) continue;
          ways.set(memberKey, [...way, entry.name]);
        }
        library.set(memberKey, found);
      }
    }
  }
  return library;
}

/**
 * A user's own models, from an already parsed TOML document in the format of glossary/models/README.md. `language` must be given
 * on top or in each entry; summary and source may be left out.
 */
export function parseUserModels(toml: unknown, where = 'models'): ReadModels {
  return readModels(toml, { where, defaults: { summary: 'Described in your own library models.', source: 'your configuration' } });
}

/** The class with the lock and the entry methods of its bases, where it has none of its own. */
function withBases(entry: ApiEntry, library: Library): ApiEntry {
  const line = lineage(entry, library);
  const lock = line.find((ancestor) => ancestor.lock)?.lock;
  const entryMethods = line
    .flatMap((ancestor) => ancestor.entryMethods ?? [])
    .filter((method, index, all) => isForm(method) || all.findIndex((other) => other.method === method.method) === index);
  return { ...entry, ...(lock ? { lock } : {}), ...(entryMethods.length > 0 ? { entryMethods } : {}) };
}

/** Whether functions of a form are meant, and not a method by its name. */
function isForm({ parameters, types, exportedWith }: EntryMethod): boolean {
  return (parameters ?? types ?? exportedWith) !== undefined;
}

/** The class and its ancestors, nearest first, each once. */
function lineage(entry: ApiEntry, library: Library, seen: ApiEntry[] = []): readonly ApiEntry[] {
  if (seen.some((other) => other.name === entry.name)) return seen;
  seen.push(entry);
  for (const base of entry.bases ?? []) {
    const found = library.get(libraryKey(entry.language, base));
    if (found) lineage(found, library, seen);
  }
  return seen;
}

/** Key of each class → what stands directly under its name, by member name. */
function membersByClass(library: Library): ReadonlyMap<string, Map<string, ApiEntry>> {
  const members = new Map<string, Map<string, ApiEntry>>();
  for (const [key, entry] of library) {
    const dot = key.lastIndexOf('.');
    if (dot < 0) continue;
    const owner = library.get(key.slice(0, dot));
    if (owner?.kind !== 'class') continue;
    const ownerKey = libraryKey(owner.language, owner.name);
    const list = members.get(ownerKey) ?? new Map<string, ApiEntry>();
    members.set(ownerKey, list.set(key.slice(dot + 1), entry));
  }
  return members;
}
