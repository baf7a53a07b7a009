// Library format: reads library models written as TOML, those that ship and those that users add, and names what is wrong in them.
import type { ApiEntry, Effect, EntryMethod, LockKind, Semantics, Target, Where } from '../model/library';
import type { Language } from '../model/module';

export interface ReadModels {
  readonly entries: ApiEntry[];
  /** One line each, beginning with the place: `threading.toml: threading.Lock: …`. */
  readonly problems: string[];
}

export interface ReadOptions {
  /** Names the file in problems. */
  readonly where: string;
  /** What `semantics.summary` and `semantics.source` are where they are left out; without these both must be given. */
  readonly defaults?: { readonly summary: string; readonly source: string };
}

/**
 * Reads one parsed TOML document: `language`, `source` and an array of tables `api`, each with the keys of `ApiEntry` in
 * kebab-case. Unknown keys, effects and kinds are refused, the entry that holds one is left out, and the rest is kept.
 */
export function readModels(document: unknown, options: ReadOptions): ReadModels {
  const problems: string[] = [];
  const entries: ApiEntry[] = [];
  if (!isTable(document)) return { entries, problems: [`${options.where}: not a table`] };
  for (const key of Object.keys(document)) {
    if (!['language', 'source', 'api'].includes(key)) problems.push(`${options.where}: unknown key "${key}"`);
  }
  const source = document.source === undefined ? options.defaults?.source : document.source;
  const api = document.api === undefined ? [] : document.api;
  if (!Array.isArray(api)) return { entries, problems: [...problems, `${options.where}: "api" is not an array of tables`] };
  api.forEach((raw: unknown, index) => {
    const name = isTable(raw) && typeof raw.name === 'string' ? raw.name : `entry ${index + 1}`;
    const before = problems.length;
    const reader = new Reader((message) => problems.push(`${options.where}: ${name}: ${message}`));
    const entry = reader.entry(raw, document.language, source, options.defaults?.summary);
    if (entry && problems.length === before) entries.push(entry);
  });
  return { entries, problems };
}

/** What does not fit together in a set of entries: names given twice, references to classes and terms that are not there. */
export function checkReferences(entries: readonly ApiEntry[], terms: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const owners = new Map<string, string>();
  const classes = new Set<string>();
  for (const entry of entries) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      const key = `${entry.language}:${name}`;
      const owner = owners.get(key);
      if (owner !== undefined) problems.push(`${key} is given twice, by ${owner} and ${entry.name}`);
      owners.set(key, entry.name);
    }
    if (entry.kind === 'class') classes.add(`${entry.language}:${entry.name}`);
  }
  for (const entry of entries) {
    for (const [what, name] of [
      ['returns', entry.returns],
      ['awaited', entry.awaited],
      ['items', entry.items],
      ...(entry.bases ?? []).map((base) => ['bases', base]),
    ] as [string, string | undefined][]) {
      if (name !== undefined && !classes.has(`${entry.language}:${name}`)) problems.push(`${entry.language}:${entry.name}: ${what} names no class: ${name}`);
    }
    if (entry.kind === 'method') {
      const owner = entry.name.slice(0, entry.name.lastIndexOf('.'));
      if (!classes.has(`${entry.language}:${owner}`)) problems.push(`${entry.language}:${entry.name}: a method of no class: ${owner}`);
    }
    for (const term of entry.semantics.terms ?? []) {
      if (!terms.has(term)) problems.push(`${entry.language}:${entry.name}: unknown term ${term}`);
    }
  }
  return problems;
}

type Table = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

const KINDS = ['class', 'function', 'method', 'constant'] as const;
const LOCK_TYPES = ['mutex', 'rlock', 'condition', 'semaphore', 'read-write'] as const;
const LOCK_DOMAINS = ['thread', 'process', 'task', 'context'] as const;
const SPAWN_KINDS = ['thread', 'process', 'task', 'worker', 'timer', 'callback', 'signal', 'finalizer'] as const;
const BLOCKERS = ['sleep', 'io', 'file', 'files', 'lock', 'queue', 'process', 'compute'] as const;
const SERVES = ['others', 'nobody'] as const;
const PARTLY = [true, false, 'partly'] as const;

/** The keys of each effect beside `kind`; a `?` marks one that may be left out. */
const EFFECTS: Readonly<Record<Effect['kind'], readonly string[]>> = {
  acquire: ['target'],
  'try-acquire': ['target'],
  release: ['target'],
  spawn: ['as', 'runs?', 'many?', 'async?', 'unless?', 'only?', 'serial?', 'limit?', 'follows?', 'classes?', 'serves?', 'where?'],
  serve: ['runs'],
  join: ['target'],
  call: ['runs', 'holding?', 'many?'],
  await: [],
  'run-loop': [],
  'tell-thread': [],
  wait: ['target'],
  notify: ['target'],
  read: ['target', 'atomic?'],
  write: ['target', 'atomic?'],
  block: ['on', 'where?'],
  escape: ['target'],
  confine: ['target'],
  'main-test': [],
};

/** Reads the parts of one entry and reports each fault; what it gives after a fault is not used. */
class Reader {
  constructor(private readonly report: (message: string) => void) {}

  entry(raw: unknown, language: unknown, source: unknown, summary: string | undefined): ApiEntry | undefined {
    if (!isTable(raw)) return void this.report('not a table');
    this.keys(
      raw,
      [
        'name',
        'language?',
        'kind',
        'aliases?',
        'returns?',
        'awaited?',
        'items?',
        'bases?',
        'lock?',
        'effects?',
        'entry-methods?',
        summary === undefined ? 'semantics' : 'semantics?',
      ],
      'entry',
    );
    return {
      name: this.name(raw.name, 'name'),
      language: this.oneOf(raw.language ?? language, ['python', 'typescript'] as const, 'language') as Language,
      kind: this.oneOf(raw.kind, KINDS, 'kind'),
      ...optional('aliases', raw.aliases, (value) => this.names(value, 'aliases')),
      ...optional('returns', raw.returns, (value) => this.name(value, 'returns')),
      ...optional('awaited', raw.awaited, (value) => this.name(value, 'awaited')),
      ...optional('items', raw.items, (value) => this.name(value, 'items')),
      ...optional('bases', raw.bases, (value) => this.names(value, 'bases')),
      ...optional('lock', raw.lock, (value) => this.lock(value)),
      ...optional('effects', raw.effects, (value) => this.list(value, 'effects').map((effect) => this.effect(effect))),
      ...optional('entryMethods', raw['entry-methods'], (value) => this.list(value, 'entry-methods').map((method) => this.entryMethod(method))),
      semantics: this.semantics(raw.semantics ?? {}, source, summary),
    };
  }

  private lock(raw: unknown): LockKind {
    if (!isTable(raw)) return this.fail('lock is not a table');
    this.keys(raw, ['type', 'domain', 'wraps?', 'named?'], 'lock');
    return {
      type: this.oneOf(raw.type, LOCK_TYPES, 'lock type'),
      domain: this.oneOf(raw.domain, LOCK_DOMAINS, 'lock domain'),
      ...optional('wraps', raw.wraps, (value) => this.target(value, 'wraps')),
      ...optional('named', raw.named, (value) => this.target(value, 'named')),
    };
  }

  private effect(raw: unknown): Effect {
    if (!isTable(raw)) return this.fail('an effect is not a table');
    const kind = raw.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(EFFECTS, kind)) return this.fail(`unknown effect "${String(kind)}"`);
    this.keys(raw, ['kind', ...EFFECTS[kind as Effect['kind']]], `effect ${kind}`);
    const effect: Record<string, unknown> = { kind };
    for (const key of ['target', 'runs', 'holding', 'unless', 'only', 'limit']) if (raw[key] !== undefined) effect[key] = this.target(raw[key], key);
    for (const key of ['many', 'atomic', 'serial', 'follows', 'classes']) if (raw[key] !== undefined) effect[key] = this.flag(raw[key], key);
    if (raw.as !== undefined) effect.as = this.oneOf(raw.as, SPAWN_KINDS, 'as');
    if (raw.async !== undefined) effect.async = this.oneOf(raw.async, SPAWN_KINDS, 'async');
    if (raw.on !== undefined) effect.on = this.oneOf(raw.on, BLOCKERS, 'on');
    if (raw.serves !== undefined) effect.serves = this.oneOf(raw.serves, SERVES, 'serves');
    if (raw.where !== undefined) effect.where = this.where(raw.where);
    return effect as unknown as Effect;
  }

  private entryMethod(raw: unknown): EntryMethod {
    if (!isTable(raw)) return this.fail('an entry method is not a table');
    this.keys(
      raw,
      ['method', 'as', 'many', 'serial?', 'async?', 'parameters?', 'types?', 'exported-with?', 'serves?', 'base?', 'own-instance?'],
      'entry method',
    );
    return {
      method: this.name(raw.method, 'method'),
      as: this.oneOf(raw.as, SPAWN_KINDS, 'as'),
      many: this.flag(raw.many, 'many'),
      ...optional('serial', raw.serial, (value) => this.flag(value, 'serial')),
      ...optional('async', raw.async, (value) => this.oneOf(value, SPAWN_KINDS, 'async')),
      ...optional('parameters', raw.parameters, (value) => this.names(value, 'parameters')),
      ...optional('types', raw.types, (value) => this.names(value, 'types')),
      ...optional('exportedWith', raw['exported-with'], (value) => this.name(value, 'exported-with')),
      ...optional('serves', raw.serves, (value) => this.oneOf(value, SERVES, 'serves')),
      ...optional('base', raw.base, (value) => this.name(value, 'base')),
      ...optional('ownInstance', raw['own-instance'], (value) => this.flag(value, 'own-instance')),
    };
  }

  private semantics(raw: unknown, source: unknown, summary: string | undefined): Semantics {
    if (!isTable(raw)) return this.fail('semantics is not a table');
    const flags = ['atomic', 'awaitable', 'picklable'] as const;
    this.keys(
      raw,
      [
        'blocks?',
        'releases-gil?',
        'thread-safe?',
        'thread-safe-free-threaded?',
        'cloneable?',
        'runs-on?',
        'awaits-callback?',
        'since?',
        'terms?',
        'source?',
        summary === undefined ? 'summary' : 'summary?',
        ...flags.map((flag) => `${flag}?`),
      ],
      'semantics',
    );
    return {
      ...optional('blocks', raw.blocks, (value) => this.oneOf(value, ['never', 'may', 'always'] as const, 'blocks')),
      ...optional('releasesGil', raw['releases-gil'], (value) => this.oneOf(value, PARTLY, 'releases-gil')),
      ...optional('threadSafe', raw['thread-safe'], (value) => this.oneOf(value, PARTLY, 'thread-safe')),
      ...optional('threadSafeFreeThreaded', raw['thread-safe-free-threaded'], (value) => this.oneOf(value, PARTLY, 'thread-safe-free-threaded')),
      ...Object.assign({}, ...flags.map((flag) => optional(flag, raw[flag], (value) => this.flag(value, flag)))),
      ...optional('cloneable', raw.cloneable, (value) => this.oneOf(value, [true, false, 'transferable'] as const, 'cloneable')),
      ...optional('runsOn', raw['runs-on'], (value) => this.name(value, 'runs-on')),
      ...optional('awaitsCallback', raw['awaits-callback'], (value) => this.oneOf(value, [true, false] as const, 'awaits-callback')),
      ...optional('since', raw.since, (value) => this.name(value, 'since')),
      summary: this.name(raw.summary ?? summary, 'summary'),
      ...optional('terms', raw.terms, (value) => this.names(value, 'terms')),
      source: this.name(raw.source ?? source, 'source'),
    };
  }

  private target(raw: unknown, what: string): Target {
    if (raw === 'receiver' || raw === 'result') return raw;
    if (!isTable(raw)) return this.fail(`${what} is neither "receiver", "result" nor { argument = N }`);
    this.keys(raw, ['argument', 'name?', 'rest?'], what);
    const argument = raw.argument;
    if (typeof argument !== 'number' || !Number.isInteger(argument) || argument < 0) return this.fail(`${what}: argument is not a position from 0`);
    return {
      argument,
      ...optional('name', raw.name, (value) => this.name(value, `${what} name`)),
      ...optional('rest', raw.rest, (value) => this.flag(value, `${what} rest`)),
    };
  }

  private where(raw: unknown): Where {
    if (!isTable(raw)) return this.fail('where is not a table');
    this.keys(raw, ['argument', 'name?', 'is'], 'where');
    const target = this.target({ argument: raw.argument, ...optional('name', raw.name, (value) => value) }, 'where');
    const is = this.list(raw.is, 'where is').filter((value) => ['string', 'number', 'boolean'].includes(typeof value)) as (string | number | boolean)[];
    return { ...(typeof target === 'object' ? target : { argument: 0 }), is };
  }

  /** Refuses keys not in `allowed` and misses those without a `?`. */
  private keys(raw: Table, allowed: readonly string[], what: string): void {
    for (const key of Object.keys(raw)) {
      if (!allowed.includes(key) && !allowed.includes(`${key}?`)) this.report(`unknown key "${key}" in ${what}`);
    }
    for (const key of allowed) {
      if (!key.endsWith('?') && raw[key] === undefined) this.report(`${what} has no "${key}"`);
    }
  }

  private oneOf<T>(value: unknown, allowed: readonly T[], what: string): T {
    if (value !== undefined && !allowed.includes(value as T)) this.report(`${what} is not one of ${allowed.join(', ')}: ${String(value)}`);
    if (value === undefined) this.report(`${what} is missing`);
    return value as T;
  }

  private name(value: unknown, what: string): string {
    return typeof value === 'string' && value.trim() !== '' ? value : this.fail(`${what} is not a text`);
  }

  private names(value: unknown, what: string): string[] {
    return this.list(value, what).map((item) => this.name(item, what));
  }

  private list(value: unknown, what: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.fail(`${what} is not an array`, []);
  }

  private flag(value: unknown, what: string): boolean {
    return typeof value === 'boolean' ? value : this.fail(`${what} is neither true nor false`);
  }

  /** Reports a fault; what it gives stands in for a value that nobody will use. */
  private fail<T>(message: string, instead?: T): T {
    this.report(message);
    return instead as T;
  }
}

/** `{ key: read(value) }`, or nothing when there is no value. */
function optional<K extends string, T>(key: K, value: unknown, read: (value: unknown) => T): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: read(value) } as { [P in K]: T });
}
