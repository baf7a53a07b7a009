// Library: every API that is known, under every name it has, from the models that ship and those that users add.
import { models } from '../../glossary/models';
import { type ApiEntry, type Library, libraryKey } from '../model/library';
import { type ReadModels, readModels } from './library-format';

/** The entries that ship; checked against the format when they are generated. */
export const shippedEntries: readonly ApiEntry[] = models as unknown as readonly ApiEntry[];

/**
 * All APIs by `libraryKey`: entries under their names and aliases, members of aliased classes too
 * (`multiprocessing.Pool.map` is `multiprocessing.pool.Pool.map`), and members that a class has from its bases
 * (`multiprocessing.pool.ThreadPool.close`). Every key leads to the entry as it was written, so `name` is the
 * canonical one. A user's entry replaces the shipped one of the same name or alias.
 */
export function createLibrary(entries: readonly ApiEntry[] = shippedEntries, userEntries: readonly ApiEntry[] = []): Library {
  const library = new Map<string, ApiEntry>();
  for (const entry of [...entries, ...userEntries]) {
    library.set(libraryKey(entry.language, entry.name), entry);
    for (const alias of entry.aliases ?? []) library.set(libraryKey(entry.language, alias), entry);
  }
  const own = membersByClass(library);
  const resolved = new Map<string, ReadonlyMap<string, ApiEntry>>();
  for (const [key, entry] of [...library]) {
    if (entry.kind !== 'class') continue;
    for (const [member, found] of membersOf(entry, library, own, resolved, [])) {
      const memberKey = `${key}.${member}`;
      if (!library.has(memberKey)) library.set(memberKey, found);
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

type Members = ReadonlyMap<string, ApiEntry>;

/** Key of each class → what stands directly under its name, by member name. */
function membersByClass(library: Library): ReadonlyMap<string, Map<string, ApiEntry>> {
  const members = new Map<string, Map<string, ApiEntry>>();
  for (const [key, entry] of library) {
    const dot = key.lastIndexOf('.');
    if (dot < 0) continue;
    const owner = library.get(key.slice(0, dot));
    if (owner?.kind !== 'class') continue;
    const ownerKey = libraryKey(owner.language, owner.name);
    let list = members.get(ownerKey);
    if (!list) members.set(ownerKey, (list = new Map()));
    list.set(key.slice(dot + 1), entry);
  }
  return members;
}

/** A class's members, its own before those of its bases; `path` breaks circles among bases. */
function membersOf(entry: ApiEntry, library: Library, own: ReadonlyMap<string, Members>, resolved: Map<string, Members>, path: readonly string[]): Members {
  const key = libraryKey(entry.language, entry.name);
  const known = resolved.get(key);
  if (known) return known;
  if (path.includes(key)) return new Map();
  const members = new Map(own.get(key));
  for (const base of entry.bases ?? []) {
    const baseEntry = library.get(libraryKey(entry.language, base));
    if (!baseEntry) continue;
    for (const [name, member] of membersOf(baseEntry, library, own, resolved, [...path, key])) if (!members.has(name)) members.set(name, member);
  }
  if (path.length === 0) resolved.set(key, members);
  return members;
}
