// A small program of several files in both languages with findings of every rule, and edits that make them come and go.
import fc from 'fast-check';

const SHARED = `import threading


class Account:
    def __init__(self):
        self._lock = threading.Lock()
        self._balance = 0
        self._history = []  # guarded by: _lock

    def deposit(self, amount):
        with self._lock:
            self._balance += amount
            self._note(amount)

    def withdraw(self, amount):
        with self._lock:
            self._balance -= amount

    def correct(self, amount):
        self._balance += amount

    def _note(self, amount):
        self._history.append(amount)
        self._balance += 0
`;

const AUDIT = `import threading

from accounts import Account

audit_lock = threading.Lock()
accounts_lock = threading.Lock()
entries = 0
account = Account()


def record(amount):
    global entries
    with audit_lock:
        entries += 1
        post(amount)


def post(amount):
    with accounts_lock:
        account.deposit(amount)


def review():
    with accounts_lock:
        count()


def count():
    global entries
    with audit_lock:
        entries += 1
`;

const WORKERS = `import threading
from concurrent.futures import ProcessPoolExecutor

import audit
from audit import account, record


def work(amount):
    record(amount)
    account.correct(amount)


def start():
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    threading.Thread(target=audit.review).start()


def run():
    with ProcessPoolExecutor() as pool:
        pool.submit(work, 1)


if __name__ == '__main__':
    start()
    run()
`;

const TASKS = `import asyncio

from remote import price_of

total = 0


class Cart:
    def __init__(self):
        self.total = 0
        self.lock = asyncio.Lock()

    async def add(self, item):
        self.total = self.total + await price_of(item)

    async def add_locked(self, item):
        async with self.lock:
            self.total = self.total + await price_of(item)


async def main():
    cart = Cart()
    await asyncio.gather(cart.add('a'), cart.add('b'), cart.add_locked('c'))


asyncio.run(main())
`;

const REMOTE = `import asyncio


async def price_of(item):
    await asyncio.sleep(0)
    return len(item)
`;

const STORE = `import { Mutex } from 'async-mutex';
import { load } from './remote';

export class Store {
  private readonly index = new Mutex();
  private readonly data = new Mutex();
  private total = 0;
  private client?: unknown;

  async put(key: string): Promise<void> {
    await this.data.runExclusive(() => this.update(key));
  }

  async rebuild(): Promise<void> {
    await this.index.runExclusive(async () => {
      await this.data.runExclusive(async () => {});
    });
  }

  async add(key: string): Promise<void> {
    this.total = this.total + (await load(key));
  }

  async get(): Promise<unknown> {
    if (!this.client) this.client = await load('client');
    return this.client;
  }

  private async update(key: string): Promise<void> {
    await this.index.runExclusive(async () => {
      await load(key);
    });
  }
}
`;

const LOAD = `export async function load(key: string): Promise<number> {
  return key.length;
}
`;

const MAIN = `import { Worker, isMainThread } from 'node:worker_threads';
import { Store } from './store';

const store = new Store();

export async function main(): Promise<void> {
  await Promise.all([store.put('a'), store.rebuild(), store.add('b'), store.get()]);
}

setInterval(() => void store.add('c'), 100);
if (isMainThread) new Worker(__filename);
void main();
`;

const START = `from workers import run, start

start()
run()
`;

/** File name → text. */
export const PROGRAM: Readonly<Record<string, string>> = {
  'accounts.py': SHARED,
  'audit.py': AUDIT,
  'workers.py': WORKERS,
  'start.py': START,
  'tasks.py': TASKS,
  'remote.py': REMOTE,
  'store.ts': STORE,
  'remote.ts': LOAD,
  'main.ts': MAIN,
};

/** Annotations that come, go and change. */
const ANNOTATIONS: readonly (readonly [string, string])[] = [
  ['# guarded by: _lock', '# words'],
  ['guarded by: _lock', 'guarded by: _lok'],
  ['self._balance = 0', 'self._balance = 0  # guarded by: _lock'],
  ['    def _note', '    # requires: _lock\n    def _note'],
  ['    def correct(self, amount):', '    def correct(self, amount):  # requires: _lock'],
  ['entries = 0', '# guarded by: audit_lock\nentries = 0'],
  ['private total = 0;', 'private total = 0; // @guardedBy data'],
  ['  async add', '  // @requires data\n  async add'],
  ['# guarded by: _lock', '# guarded by: _other'],
  ['private total', '// @guardedBy index\n  private total'],
];

/** What one edit puts in the place of another; each works in both directions. */
const EXCHANGES: readonly (readonly [string, string])[] = [
  ...ANNOTATIONS,
  ['with self._lock:', 'if amount:'],
  ['with audit_lock:', 'with accounts_lock:'],
  ['with audit_lock:', 'if entries:'],
  ['async with self.lock:', 'if item:'],
  ['threading.Lock()', 'threading.RLock()'],
  ['self._lock', 'self._other'],
  ['range(4)', 'range(1)'],
  ['for thread in threads:', 'if threads:'],
  ['target=work', 'target=record'],
  ['account.correct', 'account.deposit'],
  ['self._note(amount)', 'self.correct(amount)'],
  ['def correct', 'def amend'],
  ['def post', 'def publish'],
  ['class Account', 'class Konto'],
  ['from accounts import Account', 'from accounts import Konto as Account'],
  ['import audit\n', 'import accounts as audit\n'],
  ["if __name__ == '__main__':", 'if True:'],
  ['_locked', '_slowly'],
  ['async def', 'def'],
  ['await ', ''],
  ['asyncio.gather', 'asyncio.wait'],
  ['asyncio.run(main())', "if __name__ == '__main__':\n    asyncio.run(main())"],
  ['self.total + ', ''],
  ['self.total', 'total'],
  ['this.total + ', ''],
  ['this.total', 'this.sum'],
  ['this.data', 'this.index'],
  ['this.client = await', 'const client = await'],
  ['isMainThread', 'true'],
  ['export class Store', 'class Store'],
  ["from './store'", "from './shop'"],
  ["from './remote'", "from './main'"],
  ['Promise.all', 'Promise.race'],
  ['private async update', 'async update'],
  ['setInterval', 'setTimeout'],
];

const ABOUT_LOCKS = EXCHANGES.filter((pair) => /lock|guarded|requires/i.test(pair.join(' ')));

const LINES: readonly string[] = [
  '',
  '# a comment',
  '// a comment',
  'entries += 1',
  '        self._balance += 1',
  '        # guarded by: self._lock',
  '# guarded by: accounts_lock',
  '        self._history = []',
  '    # requires: _other',
  '  // @guardedBy index',
  '    account.withdraw(1)',
  '        self.correct(1)',
  'import threading',
  'lock = threading.Lock()',
  'def record(amount): pass',
  'threading.Thread(target=work).start()',
  '    await price_of(1)',
  '    this.total = 1;',
  '    await this.rebuild();',
  'void main();',
  'export * from "./store";',
  'export { Store as Shop } from "./store";',
  '}',
  '{',
  '(',
  '"""',
  'class Account: pass',
  'x = 1 + ',
];

export type Edit =
  | { readonly kind: 'exchange'; readonly file: number; readonly pair: number; readonly backwards: boolean }
  | { readonly kind: 'insert' | 'delete' | 'double' | 'indent'; readonly file: number; readonly at: number; readonly line: number }
  | { readonly kind: 'remove' | 'restore' | 'empty'; readonly file: number }
  | { readonly kind: 'copy'; readonly file: number; readonly to: number };

const file = fc.nat(Object.keys(PROGRAM).length + 1);

/** Any edit; most change one line of one file. */
export const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('exchange' as const), file, pair: fc.nat(EXCHANGES.length - 1), backwards: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('insert' as const, 'delete' as const, 'double' as const, 'indent' as const),
      file,
      at: fc.nat(60),
      line: fc.nat(LINES.length - 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('remove' as const, 'restore' as const, 'empty' as const), file }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), file, to: file }) },
);

/** An edit that changes what annotations state, or a lock that they name. */
export const annotationEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constant('exchange' as const),
  file: fc.constantFrom('accounts.py', 'audit.py', 'store.ts').map((name) => Object.keys(PROGRAM).indexOf(name)),
  pair: fc.constantFrom(...ABOUT_LOCKS.map((pair) => EXCHANGES.indexOf(pair))),
  backwards: fc.boolean(),
});

/** Files that edits may also bring about. */
const FURTHER = ['shop.ts', 'accounts/__init__.py'];
const NAMES = [...Object.keys(PROGRAM), ...FURTHER];

/** Does an edit to a program; gives the name of the file and its new text, undefined for one that is gone now. */
export function applyEdit(files: Readonly<Record<string, string>>, edit: Edit): { readonly file: string; readonly text: string | undefined } {
  const name = NAMES[edit.file % NAMES.length];
  const text = files[name] ?? '';
  switch (edit.kind) {
    case 'exchange': {
      const [from, to] = edit.backwards ? [...EXCHANGES[edit.pair]].reverse() : EXCHANGES[edit.pair];
      // Nothing between every two letters is not an edit that anybody makes.
      return { file: name, text: from === '' ? text : text.replace(from, to) };
    }
    case 'insert':
    case 'delete':
    case 'double':
    case 'indent':
      return { file: name, text: editLine(text, edit.kind, edit.at, LINES[edit.line]) };
    case 'remove':
      return { file: name, text: undefined };
    case 'restore':
      return { file: name, text: PROGRAM[name] ?? PROGRAM['store.ts'] };
    case 'empty':
      return { file: name, text: '' };
    case 'copy':
      return { file: NAMES[edit.to % NAMES.length], text };
  }
}

function editLine(text: string, kind: 'insert' | 'delete' | 'double' | 'indent', at: number, line: string): string {
  const lines = text.split('\n');
  const index = at % lines.length;
  if (kind === 'insert') lines.splice(index, 0, line);
  else if (kind === 'delete') lines.splice(index, 1);
  else if (kind === 'double') lines.splice(index, 0, lines[index]);
  else lines[index] = `    ${lines[index]}`;
  return lines.join('\n');
}
