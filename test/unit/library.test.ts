// Tests of library models: the format's reader, aliases and inherited members, and facts that the analysis rests on.
import { describe, expect, it } from 'vitest';
import { createLibrary, parseUserModels, shippedEntries } from '../../server/lower/library';
import { checkReferences } from '../../server/lower/library-format';
import type { ApiEntry, Effect } from '../../server/model/library';

const library = createLibrary();

function entry(key: string): ApiEntry {
  const found = library.get(key);
  if (!found) throw new Error(`${key} is not in the library`);
  return found;
}

function effects<K extends Effect['kind']>(key: string, kind: K): Extract<Effect, { kind: K }>[] {
  return (entry(key).effects ?? []).filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
}

function model(name: string, more: Partial<ApiEntry> = {}): ApiEntry {
  return { name, language: 'python', kind: 'class', semantics: { summary: 'A test.', source: 'a test' }, ...more };
}

describe('createLibrary', () => {
  it('finds members of aliased classes', () => {
    expect(entry('python:multiprocessing.Pool.map')).toBe(entry('python:multiprocessing.pool.Pool.map'));
    expect(entry('python:multiprocessing.context.BaseContext.Process.start').name).toBe('multiprocessing.Process.start');
    expect(entry('python:multiprocessing.Lock.acquire').effects).toContainEqual({ kind: 'acquire', target: 'receiver' });
    expect(entry('typescript:events.on').name).toBe('events.EventEmitter.on');
  });

  it('finds inherited members, the nearest first', () => {
    expect(entry('python:threading.BoundedSemaphore.acquire').name).toBe('threading.Semaphore.acquire');
    expect(entry('python:threading.Timer.join').name).toBe('threading.Thread.join');
    expect(entry('python:multiprocessing.pool.ThreadPool.close').name).toBe('multiprocessing.pool.Pool.close');
    expect(entry('python:multiprocessing.pool.ThreadPool.map').name).toBe('multiprocessing.pool.ThreadPool.map');
    expect(entry('python:multiprocessing.dummy.Pool.join').name).toBe('multiprocessing.pool.Pool.join');
    expect(entry('python:http.server.ThreadingHTTPServer.serve_forever').name).toBe('socketserver.BaseServer.serve_forever');
  });

  it('hands down locks and entry methods where a class has none of its own', () => {
    expect(entry('python:threading.Timer').entryMethods?.map((method) => method.method)).toContain('run');
    const handler = entry('python:http.server.BaseHTTPRequestHandler').entryMethods!;
    expect(handler.map((method) => method.method)).toEqual(expect.arrayContaining(['do_*', 'handle']));
    const derived = createLibrary([model('a.Base', { lock: { type: 'mutex', domain: 'thread' } }), model('a.Derived', { bases: ['a.Base'] })]);
    expect(derived.get('python:a.Derived')?.lock).toEqual({ type: 'mutex', domain: 'thread' });
  });

  it('survives bases that go round in a circle or lead nowhere', () => {
    const circle = createLibrary([model('a.A', { bases: ['a.B'] }), model('a.B', { bases: ['a.A', 'a.Missing'] }), model('a.A.run', { kind: 'method' })]);
    expect(circle.get('python:a.B.run')?.name).toBe('a.A.run');
  });

  it('ends where a class is a member of itself', () => {
    const inward = createLibrary([model('a.A', { aliases: ['a.A.inner'] })]);
    expect(inward.has('python:a.A.inner.inner')).toBe(true);
    expect(inward.size).toBeLessThan(20);
  });

  it('makes up no names without end where a class has its own subclasses as members', () => {
    expect(library.has('typescript:ioredis.default.Cluster')).toBe(true);
    expect(library.has('typescript:events.EventEmitterAsyncResource.EventEmitterAsyncResource.EventEmitterAsyncResource')).toBe(false);
    // Aliases and inherited members, and not what those are members of in turn.
    expect(library.size).toBeLessThan(20 * shippedEntries.length);
  });

  it('keeps languages apart', () => {
    expect(library.has('typescript:threading.Lock')).toBe(false);
    expect(library.has('python:Promise')).toBe(false);
  });

  it('lets users replace what ships, under an alias too', () => {
    const own = createLibrary(shippedEntries, [
      model('threading.Lock', { semantics: { summary: 'Ours.', source: 'us' } }),
      model('multiprocessing.Pool', { effects: [] }),
    ]);
    expect(own.get('python:threading.Lock')?.semantics.summary).toBe('Ours.');
    expect(own.get('python:threading.Lock.acquire')?.name).toBe('threading.Lock.acquire');
    expect(own.get('python:multiprocessing.Pool')?.effects).toEqual([]);
    expect(own.get('python:multiprocessing.pool.Pool')?.effects).not.toEqual([]);
  });
});

describe('parseUserModels', () => {
  it('reads a whole entry', () => {
    const read = parseUserModels({
      api: [
        {
          name: 'jobs.Runner.go',
          language: 'python',
          kind: 'method',
          aliases: ['jobs.go'],
          returns: 'jobs.Handle',
          lock: { type: 'condition', domain: 'thread', wraps: { argument: 0, name: 'lock' } },
          effects: [
            { kind: 'spawn', as: 'thread', runs: { argument: 0, name: 'work', rest: true }, many: true },
            { kind: 'call', runs: { argument: 1 }, holding: 'receiver' },
          ],
          'entry-methods': [{ method: 'on_*', as: 'callback', many: true, 'own-instance': true }],
          semantics: { 'thread-safe': 'partly', 'releases-gil': true, cloneable: 'transferable', terms: ['thread'] },
        },
      ],
    });
    expect(read.problems).toEqual([]);
    expect(read.entries).toEqual([
      {
        name: 'jobs.Runner.go',
        language: 'python',
        kind: 'method',
        aliases: ['jobs.go'],
        returns: 'jobs.Handle',
        lock: { type: 'condition', domain: 'thread', wraps: { argument: 0, name: 'lock' } },
        effects: [
          { kind: 'spawn', as: 'thread', runs: { argument: 0, name: 'work', rest: true }, many: true },
          { kind: 'call', runs: { argument: 1 }, holding: 'receiver' },
        ],
        entryMethods: [{ method: 'on_*', as: 'callback', many: true, ownInstance: true }],
        semantics: {
          threadSafe: 'partly',
          releasesGil: true,
          cloneable: 'transferable',
          terms: ['thread'],
          summary: 'Described in your own library models.',
          source: 'your configuration',
        },
      },
    ]);
  });

  it('reads what says where work runs', () => {
    const read = parseUserModels({
      language: 'python',
      api: [
        {
          name: 'jobs.Pool.submit',
          kind: 'method',
          items: 'jobs.Handle',
          lock: { type: 'mutex', domain: 'process', named: { argument: 0 } },
          effects: [
            { kind: 'spawn', as: 'thread', runs: { argument: 0 }, async: 'task', serial: true, limit: { argument: 1 }, follows: true, classes: true },
            { kind: 'serve', runs: { argument: 1 } },
          ],
          'entry-methods': [{ method: '*', as: 'thread', async: 'task', many: true, serial: true, parameters: ['request', 'context'], base: 'Servicer' }],
        },
      ],
    });
    expect(read.problems).toEqual([]);
    expect(read.entries[0]).toMatchObject({
      items: 'jobs.Handle',
      lock: { named: { argument: 0 } },
      effects: [
        { async: 'task', serial: true, limit: { argument: 1 }, follows: true, classes: true },
        { kind: 'serve', runs: { argument: 1 } },
      ],
      entryMethods: [{ async: 'task', serial: true, parameters: ['request', 'context'], base: 'Servicer' }],
    });
  });

  it.each([
    ['not a table', [], 'not a table'],
    ['no language', { api: [{ name: 'a', kind: 'class' }] }, 'a: language is missing'],
    ['an unknown language', { language: 'ruby', api: [{ name: 'a', kind: 'class' }] }, 'language is not one of python, typescript: ruby'],
    ['an unknown kind', { language: 'python', api: [{ name: 'a', kind: 'klass' }] }, 'kind is not one of'],
    ['no name', { language: 'python', api: [{ kind: 'class' }] }, 'entry 1: '],
    ['api that is no array', { api: {} }, '"api" is not an array'],
    ['an entry that is a text', { language: 'python', api: ['a'] }, 'entry 1: not a table'],
    [
      'a negative argument',
      { language: 'python', api: [{ name: 'a', kind: 'function', effects: [{ kind: 'join', target: { argument: -1 } }] }] },
      'argument is not a position from 0',
    ],
    [
      'an effect without its target',
      { language: 'python', api: [{ name: 'a', kind: 'function', effects: [{ kind: 'acquire' }] }] },
      'effect acquire has no "target"',
    ],
    [
      'an effect named like what every object has',
      { language: 'python', api: [{ name: 'a', kind: 'function', effects: [{ kind: 'constructor' }] }] },
      'unknown effect "constructor"',
    ],
    ['an unknown key on top', { libary: 'x' }, 'unknown key "libary"'],
    ['a number for a text', { language: 'python', api: [{ name: 'a', kind: 'function', returns: 3 }] }, 'returns is not a text'],
  ])('names %s', (_what, document, problem) => {
    const read = parseUserModels(document, 'mine.toml');
    expect(read.problems.join('\n')).toContain(problem);
    expect(read.problems.every((line) => line.startsWith('mine.toml: '))).toBe(true);
    expect(read.entries).toEqual([]);
  });

  it('keeps the good entries beside a bad one', () => {
    const read = parseUserModels({
      language: 'python',
      api: [
        { name: 'a', kind: 'bad' },
        { name: 'b', kind: 'class' },
      ],
    });
    expect(read.entries.map((good) => good.name)).toEqual(['b']);
    expect(read.problems).toHaveLength(1);
  });
});

describe('checkReferences', () => {
  const check = (...entries: ApiEntry[]) => checkReferences(entries, new Set(['lock']));
  it('is content with what fits together', () => {
    const terms = { summary: 'A test.', source: 'a test', terms: ['lock'] };
    expect(
      check(
        model('a.A', { semantics: terms, aliases: ['b.A'] }),
        model('a.A.get', { kind: 'method', returns: 'a.A', awaited: 'a.A' }),
        model('a.B', { bases: ['a.A'] }),
      ),
    ).toEqual([]);
    expect(check(model('a.A'), model('a.A', { language: 'typescript' }))).toEqual([]);
  });
  it.each<[string, ApiEntry[], string]>([
    ['a name and an alias alike', [model('a.A'), model('b.B', { aliases: ['a.A'] })], 'python:a.A is given twice, by a.A and b.B'],
    ['a method without its class', [model('a.A.get', { kind: 'method' })], 'a method of no class: a.A'],
    ['what an outcome holds', [model('f', { kind: 'function', items: 'a.A' })], 'items names no class: a.A'],
    ['what awaiting gives', [model('f', { kind: 'function', awaited: 'a.A' })], 'awaited names no class: a.A'],
    ['a base of the other language', [model('a.A', { language: 'typescript' }), model('a.B', { bases: ['a.A'] })], 'bases names no class: a.A'],
    ['an unknown term', [model('a.A', { semantics: { summary: 'A test.', source: 'a test', terms: ['lok'] } })], 'unknown term lok'],
  ])('names %s', (_what, entries, problem) => expect(check(...entries).join('\n')).toContain(problem));
});

describe('what ships', () => {
  it('covers both languages', () => {
    const count = (language: string) => shippedEntries.filter((one) => one.language === language).length;
    expect(count('python')).toBeGreaterThan(250);
    expect(count('typescript')).toBeGreaterThan(150);
  });

  it('says what it is about in at most three sentences, with its source', () => {
    for (const { name, semantics } of shippedEntries) {
      expect(semantics.summary, name).toMatch(/[.!]$/);
      expect(semantics.summary.match(/[.!?](?=\s+[A-Z`]|$)/g)?.length ?? 0, name).toBeLessThanOrEqual(3);
      expect(semantics.source, name).toMatch(/https:\/\/\S+/);
    }
  });

  const THREAD = { argument: 1, name: 'target' };
  it.each<[string, Effect['kind'], object]>([
    ['python:threading.Thread', 'spawn', { as: 'thread', runs: THREAD }],
    ['python:threading.Timer', 'spawn', { as: 'thread', runs: { argument: 1, name: 'function' } }],
    ['python:threading.Thread.start', 'spawn', { as: 'thread' }],
    ['python:threading.Thread.join', 'join', { target: 'receiver' }],
    ['python:_thread.start_new_thread', 'spawn', { as: 'thread', runs: { argument: 0 } }],
    ['python:multiprocessing.Process', 'spawn', { as: 'process', runs: THREAD }],
    ['python:multiprocessing.context.SpawnContext.Process.start', 'spawn', { as: 'process' }],
    ['python:multiprocessing.Pool', 'spawn', { as: 'process' }],
    ['python:multiprocessing.context.BaseContext.Pool', 'spawn', { as: 'process' }],
    ['python:multiprocessing.Manager', 'spawn', { as: 'process' }],
    ['python:concurrent.futures.ProcessPoolExecutor', 'spawn', { as: 'process' }],
    ['python:concurrent.futures.ProcessPoolExecutor.submit', 'spawn', { as: 'process', runs: { argument: 0 }, many: true }],
    ['python:concurrent.futures.ThreadPoolExecutor.submit', 'spawn', { as: 'thread', runs: { argument: 0 }, many: true }],
    ['python:multiprocessing.pool.Pool.apply_async', 'spawn', { as: 'thread', runs: { argument: 3 }, serial: true }],
    ['python:concurrent.futures.Future.add_done_callback', 'spawn', { as: 'thread', runs: { argument: 0 }, follows: true }],
    ['python:weakref.finalize', 'spawn', { as: 'finalizer', runs: { argument: 1 } }],
    ['python:socketserver.BaseServer.serve_forever', 'serve', { runs: { argument: 1 } }],
    ['python:flask.Handler.__call__', 'spawn', { as: 'thread', runs: { argument: 0 }, many: true }],
    ['python:paho.mqtt.client.Client.on_message', 'spawn', { as: 'thread', runs: { argument: 0 }, serial: true }],
    ['python:concurrent.futures.ThreadPoolExecutor.__exit__', 'join', { target: 'receiver' }],
    ['python:multiprocessing.pool.ThreadPool.apply_async', 'spawn', { as: 'thread', runs: { argument: 0 }, many: true }],
    ['python:asyncio.create_task', 'spawn', { as: 'task', runs: { argument: 0 } }],
    ['python:asyncio.gather', 'spawn', { as: 'task', runs: { argument: 0, rest: true } }],
    ['python:asyncio.AbstractEventLoop.run_in_executor', 'spawn', { as: 'thread', runs: { argument: 1 } }],
    ['python:threading.local', 'confine', { target: 'result' }],
    ['python:list.append', 'write', { target: 'receiver', atomic: true }],
    ['python:signal.signal', 'spawn', { as: 'signal', runs: { argument: 1 } }],
    ['typescript:Promise', 'call', { runs: { argument: 0 } }],
    ['typescript:Promise.then', 'spawn', { as: 'callback', runs: { argument: 1 } }],
    ['typescript:window.setInterval', 'spawn', { as: 'timer', runs: { argument: 0 }, many: true }],
    ['typescript:events.EventEmitter.on', 'spawn', { as: 'callback', runs: { argument: 1 }, many: true }],
    ['typescript:worker_threads.Worker', 'spawn', { as: 'worker', runs: { argument: 0 } }],
    ['typescript:worker_threads.isMainThread', 'main-test', {}],
    ['typescript:cluster.isPrimary', 'main-test', {}],
    ['typescript:cluster.fork', 'spawn', { as: 'process' }],
    ['typescript:child_process.execSync', 'block', { on: 'process' }],
    ['typescript:async-mutex.Mutex.runExclusive', 'call', { runs: { argument: 0 }, holding: 'receiver' }],
    ['typescript:async-lock.acquire', 'call', { runs: { argument: 1 }, holding: 'receiver' }],
    ['typescript:navigator.locks.request', 'call', { runs: { argument: 2 }, holding: { argument: 0 } }],
    ['typescript:fs.readFileSync', 'block', { on: 'file' }],
    ['typescript:Array.forEach', 'call', { runs: { argument: 0 } }],
  ])('%s has the effect %s %o', (key, kind, parts) => {
    const found = effects(key, kind);
    expect(
      found.some((effect) => matches(effect, parts)),
      JSON.stringify(found),
    ).toBe(true);
  });

  it.each([
    ['python:threading.Lock', 'mutex', 'thread'],
    ['python:threading.RLock', 'rlock', 'thread'],
    ['python:threading.Condition', 'condition', 'thread'],
    ['python:multiprocessing.synchronize.Lock', 'mutex', 'process'],
    ['python:multiprocessing.managers.SyncManager.RLock', 'rlock', 'process'],
    ['python:asyncio.Lock', 'mutex', 'task'],
    ['typescript:async-mutex.Mutex', 'mutex', 'task'],
    ['typescript:async-lock', 'mutex', 'task'],
  ])('%s is a %s between %ss', (key, type, domain) => expect(entry(key).lock).toMatchObject({ type, domain }));

  it('tells one thread from many', () => {
    expect(effects('python:threading.Thread', 'spawn').some((effect) => effect.many)).toBe(false);
    expect(entry('python:threading.Thread').entryMethods).toEqual([{ method: 'run', as: 'thread', many: false, ownInstance: true }]);
    expect(effects('typescript:setTimeout', 'spawn').some((effect) => effect.many)).toBe(false);
    expect(effects('typescript:events.EventEmitter.once', 'spawn').some((effect) => effect.many)).toBe(false);
  });

  it('does not ask for a main guard where another program is started', () => expect(effects('python:subprocess.Popen', 'spawn')).toEqual([]));
});

/** Whether the effect has the parts; a target may have a name beside. */
function matches(effect: object, parts: object): boolean {
  return Object.entries(parts).every(([key, value]) => {
    const own = (effect as Record<string, unknown>)[key];
    return typeof value === 'object' ? typeof own === 'object' && own !== null && matches(own, value) : own === value;
  });
}
