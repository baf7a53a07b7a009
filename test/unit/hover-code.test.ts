// Tests of hovers on a program's own code: what is known of its locks, shared places and functions, in both languages.
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../server/lower/library';
import { readHoverSettings } from '../../server/lsp/hover-settings';
import { type HoverKind, hoverAt } from '../../server/report/hover';
import { codeCard, codeCardId, knownIdOf } from '../../server/report/hover-code';
import { placeLink } from '../../server/report/markdown';
import { analyse } from '../support/analyse';

const library = createLibrary();

/** What a hover shows over the name that `‸` stands before, with links as `[line 3](file:3)`. */
async function hoverOver(marked: string, file = 'main.py', others: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const offset = marked.indexOf('‸');
  expect(offset, 'a mark in the text').toBeGreaterThanOrEqual(0);
  const text = marked.replace('‸', '');
  const snapshot = await analyse({ [file]: text, ...others });
  const subject = snapshot.subjectAt(file, offset);
  return hoverAt({
    module: snapshot.module(file)!,
    text,
    offset,
    subject,
    library,
    withCommands: false,
    addressOf: (name, line) => `${name}:${line + 1}`,
  })?.markdown;
}

const CACHE = `import threading, queue
class Cache:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = {}
        self._queue = queue.Queue()
        self._label = 'cache'
    def start(self):
        threading.Thread(target=self._run).start()
    def _run(self):
        while True:
            key = self._queue.get()
            with self._lock:
                self._items[key] = 1
                log(key)
    def put(self, key):
        with self._lock:
            self._items[key] = 2
            with registry_lock:
                registry[key] = self
    def peek(self, key):
        return self._items.get(key)
    def label(self):
        return self._label
    def _clear(self):
        self._items.clear()
    def reset(self):
        with self._lock:
            self._clear()
registry = {}
registry_lock = threading.Lock()
def log(key):
    print(key)
`;

function mark(text: string, before: string): string {
  const [around, name] = [before.replace('‸', ''), before.indexOf('‸')];
  const at = text.indexOf(around);
  expect(at, `"${around}" in the text`).toBeGreaterThanOrEqual(0);
  return `${text.slice(0, at + name)}‸${text.slice(at + name)}`;
}

describe('a lock', () => {
  it('says what it guards, where it is taken, and what is taken while it is held', async () => {
    const card = await hoverOver(mark(CACHE, 'with self.‸_lock'));
    expect(card).toContain('**`Cache._lock`** · a lock between threads · guards one variable');
    expect(card).toContain('- Guards: `Cache._items` in 3 of 4 places');
    expect(card).toContain('- Taken in: `Cache._run()`, [line 13](main.py:13) · `Cache.put()`, [line 17](main.py:17) · `Cache.reset()`');
    expect(card).toContain('- Taken while it is held: `registry_lock` in `Cache.put()`');
    expect(card).toContain('**`threading.Lock`**');
  });

  it('is the same wherever it is named', async () => {
    const cards = await Promise.all(
      ['        self.‸_lock = threading', 'with self.‸_lock:\n                self'].map((place) => hoverOver(mark(CACHE, place))),
    );
    expect(cards[0]).toBe(cards[1]);
  });

  it('names what is held before it', async () => {
    expect(await hoverOver(mark(CACHE, 'with ‸registry_lock'))).toContain('- Held before it: `Cache._lock` in `Cache.put()`');
  });

  it('of another file is known here too', async () => {
    const card = await hoverOver('from locks import guard\ndef f():\n    with ‸guard:\n        pass\n', 'main.py', {
      'locks.py': 'import threading\nguard = threading.Lock()\n',
    });
    expect(card).toContain('**`guard`** · a lock between threads');
  });

  it('is known in TypeScript, by declaration and use', async () => {
    const text = `import { Mutex } from 'async-mutex';
export class Store {
  private readonly mutex = new Mutex();
  private rows: string[] = [];
  async add(row: string) {
    await this.mutex.runExclusive(async () => { this.rows.push(await clean(row)); });
  }
}
async function clean(row: string) { return row; }
`;
    for (const place of ['this.‸mutex', 'readonly ‸mutex']) {
      const card = await hoverOver(mark(text, place), 'main.ts');
      expect(card).toContain('**`Store.mutex`** · a lock between tasks of one event loop · guards one variable');
      expect(card).toContain('- Guards: `Store.rows` in its only place');
    }
  });
});

describe('a shared place', () => {
  it('says who reaches it, which lock guards it, and which accesses break the pattern', async () => {
    const card = await hoverOver(mark(CACHE, 'self.‸_items[key] = 2'));
    expect(card).toContain('**`Cache._items`** · shared · guarded by `Cache._lock` in 3 of 4 places');
    expect(card).toContain('the thread running `Cache._run()`, started in `Cache.start()`, [line 9](main.py:9)');
    expect(card).toContain('- Without that lock: `Cache.peek()` reads it, [line 22](main.py:22)');
    // Another caller may come without it.
    expect(card).toContain('`Cache._clear()` writes it, with the lock of its callers, [line 26](main.py:26)');
  });

  it('that is annotated is guarded by what the annotation names', async () => {
    const text = CACHE.replace('self._items = {}', 'self._items = {}  # guarded by: registry_lock');
    expect(text).not.toBe(CACHE);
    const card = await hoverOver(mark(text, 'self.‸_items[key] = 2'));
    expect(card).toContain('guarded by `registry_lock`, says its annotation, in ');
    expect(await hoverOver(mark(text, 'with self.‸_lock'))).not.toContain('- Guards:');
  });

  it('says so where no lock guards it', async () => {
    const text = `import threading
total = 0
def add():
    global total
    total += 1
for _ in range(4):
    threading.Thread(target=add).start()
`;
    const card = await hoverOver(mark(text, '    ‸total += 1'));
    expect(card).toContain('**`total`** · shared · no lock guards it');
    expect(card).toContain('- Reached by: threads running `add()`');
  });

  it('on one event loop is open to others at an await only', async () => {
    const text = `import express from 'express';
let hits = 0;
express().get('/', async (req, res) => {
  hits++;
  await res.end();
  hits--;
});
`;
    expect(await hoverOver(mark(text.replace('  await res.end();\n', ''), '  ‸hits++'), 'main.ts')).toBeUndefined();
    expect(await hoverOver(mark(text, '  ‸hits++'), 'main.ts')).toContain('shared on one event loop, so that others come in at an `await` only');
  });

  it('is no place that a process has for itself', async () => {
    const text = `import multiprocessing
total = 0
def add():
    global total
    total += 1
if __name__ == '__main__':
    multiprocessing.Process(target=add).start()
`;
    expect(await hoverOver(mark(text, '    ‸total += 1'))).toBeUndefined();
  });

  it('is read by what goes on through it', async () => {
    const text = `import threading
class Wire:
    def __init__(self, raw):
        self._lock = threading.Lock()
        self._raw = raw
    def start(self):
        threading.Thread(target=self._run).start()
    def _run(self):
        with self._lock:
            self._raw = make()
    def stop(self):
        with self._lock:
            self._raw = None
    def peek(self):
        return self._raw.status.open
`;
    const card = await hoverOver(mark(text, 'self.‸_raw = make'));
    expect(card).toContain('guarded by `Wire._lock` in 2 of 3 places');
    expect(card).toContain('- Without that lock: `Wire.peek()` reads it, [line 15](main.py:15)');
  });

  it('does not count what only the constructor calls', async () => {
    const text = CACHE.replace('        self._items = {}\n', '        self._fill()\n    def _fill(self):\n        self._items = {}\n');
    expect(await hoverOver(mark(text, 'self.‸_items[key] = 2'))).toContain('guarded by `Cache._lock` in 3 of 4 places');
  });

  it('is not said to be on an event loop where there is none', async () => {
    const text = `${CACHE.replace('threading.Thread(target=self._run).start()', 'pass')}if __name__ == '__main__':\n    Cache().put(1)\n`;
    const card = await hoverOver(mark(text, 'self.‸_items[key] = 2'));
    expect(card).toContain('**`Cache._items`** · guarded by');
    expect(card).not.toContain('event loop');
  });

  it('is no variable that each call has for itself', async () => {
    const text = `import { createServer } from 'node:http';
createServer((request) => {
  const self = request;
  request.on('data', () => ‸self.pause());
});
`;
    expect(await hoverOver(text, 'main.ts')).toBeUndefined();
  });

  it('is no place that is set once', async () => expect(await hoverOver(mark(CACHE, 'return self.‸_label'))).toBeUndefined());
});

describe('a function', () => {
  it('says what runs it, what it takes and what it may block on', async () => {
    const card = await hoverOver(mark(CACHE, 'def ‸_run'));
    expect(card).toContain('**`Cache._run()`**');
    expect(card).toContain('- Run by: a thread of its own, started in `Cache.start()`, [line 9](main.py:9)');
    expect(card).toContain('- May take: `Cache._lock`, [line 13](main.py:13)');
    expect(card).toContain('- May block on: a queue: `queue.Queue.get`, [line 12](main.py:12)');
  });

  it('says which locks its callers hold, where it is called too', async () => {
    for (const place of ['def ‸_clear', 'self.‸_clear()']) expect(await hoverOver(mark(CACHE, place))).toContain('- Always called with: `Cache._lock` held');
  });

  it('says what it starts', async () => expect(await hoverOver(mark(CACHE, 'def ‸start'))).toContain('- Starts: a thread running `Cache._run()`'));

  it('is known where it is handed over', async () => {
    const text = 'import atexit\ndef bye():\n    print(1)\natexit.register(‸bye)\n';
    expect(await hoverOver(text)).toContain('- Run by: a finalizer of its own');
  });

  it('that an event loop runs to its end is never under way twice', async () => {
    const text = `import { createServer } from 'node:http';
let open = 0;
createServer((request) => ‸count());
function count() { open++; }
`;
    expect(await hoverOver(text, 'main.ts')).toBeUndefined();
    const twice = text.replace('function count() { open++; }', 'async function count() { open++; await later(); }\nasync function later() {}');
    expect(await hoverOver(twice, 'main.ts')).toContain('several can be under way at a time');
  });

  it('that is bound to its object is not started by that', async () => {
    const text = `import { EventEmitter } from 'node:events';
export class Line {
  constructor(private readonly wire: EventEmitter) {}
  open() { this.wire.once('close', this.gone.bind(this)); }
  private async ‸gone() { await 1; }
}
`;
    expect(await hoverOver(text, 'main.ts')).toMatch(/^- Run by: [^·]*callbacks? of its own, started in `Line\.open\(\)`, \[line 4\]\(main\.ts:4\)$/m);
  });

  it('that is a plain helper has no card, whoever runs it', async () => {
    const text = CACHE.replace('            with self._lock:\n                self._items[key] = 1\n', '            if True:\n');
    expect(await hoverOver(mark(text, 'def ‸log'))).toBeUndefined();
  });

  it('that has nothing to do with concurrency has no card', async () => {
    expect(await hoverOver('def ‸double(x):\n    return 2 * x\nprint(double(2))\n')).toBeUndefined();
  });
});

describe('what else stands in code', () => {
  it('is no name in a text', async () => expect(await hoverOver("import queue\nq = queue.Queue()\nq.put('‸put')\n")).toBeUndefined());

  it('is the library API, through the field that holds it', async () => {
    expect(await hoverOver(mark(CACHE, 'self._queue.‸get'))).toMatch(/^\*\*`queue\.Queue\.get`\*\*/);
    expect(await hoverOver(mark(CACHE, 'self.‸_queue.get'))).toMatch(/^\*\*`queue\.Queue`\*\*/);
  });
});

describe('hovers that are not wanted', () => {
  it('are left out, kind by kind', async () => {
    const text = '# a lock\nimport threading\nguard = threading.Lock()\ndef f():\n    with guard:\n        pass\n';
    const snapshot = await analyse({ 'main.py': text });
    const at = (word: string, ...kinds: HoverKind[]) => {
      const offset = text.indexOf(word) + 1;
      const input = {
        module: snapshot.module('main.py')!,
        text,
        offset,
        subject: snapshot.subjectAt('main.py', offset),
        rules: ['lock-not-released'],
        library,
      };
      return hoverAt({ ...input, kinds: new Set(kinds) })?.markdown;
    };
    expect(at('guard:', 'code')).toMatch(/^\*\*`guard`\*\*[\s\S]*All that is known of it/);
    expect(at('guard:', 'code')).not.toContain('threading.Lock');
    expect(at('guard:', 'apis')).toMatch(/^\*\*`threading\.Lock`\*\*/);
    expect(at('guard:', 'rules')).toContain('lock-not-released');
    expect(at('guard:')).toBeUndefined();
    expect(at('lock', 'terms')).toContain('**Lock**');
    expect(at('lock', 'code', 'apis', 'rules')).toBeUndefined();
  });

  it('are the settings that say false', () => {
    expect([...readHoverSettings({ hover: { code: false, terms: 'no' } })]).toEqual(['apis', 'terms', 'rules']);
    for (const settings of [undefined, null, 3, { hover: null }, { hover: [] }]) expect(readHoverSettings(settings).size).toBe(4);
  });
});

describe('the whole card', () => {
  const style = { withCommands: false, addressOf: () => undefined, nameOf: (file: string) => file };

  it('lists everything, and is found again by its id', async () => {
    const snapshot = await analyse({ 'main.py': CACHE });
    const [known] = snapshot.subjectAt('main.py', CACHE.indexOf('_items[key] = 2') + 1)!.known;
    const again = snapshot.known(knownIdOf(codeCardId(known))!)!;
    const card = codeCard(again, style);
    expect(card).toContain('# `Cache._items`');
    expect(card.match(/^- .*`main\.py`, line \d+\)$/gm)).toHaveLength(5);
  });

  it('is gone with what it speaks of', async () => {
    const snapshot = await analyse({ 'main.py': 'x = 1\n' });
    for (const id of ['lock gone.py#A._lock', 'place main.py:y', 'function main.py#f', 'nonsense', '']) expect(snapshot.known(id)).toBeUndefined();
  });

  it('has links that no file name can leave', () => {
    expect(placeLink("file:///a(b)'c d\n.py#L1", 'x')).toBe('[x](file:///a%28b%29%27c%20d%0a.py#L1)');
  });
});
