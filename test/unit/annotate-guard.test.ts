// Annotating guards: what is written down is read back, brings no finding, and is not offered twice.
import { describe, expect, it } from 'vitest';
import { declarationsIn } from '../../server/model/declarations';
import { applyReportedEdits } from '../../server/report/source-text';
import { languageOf } from '../../server/workspace/languages';
import { analyse, newWorkspace } from '../support/analyse';
import { readFixtures } from '../support/fixtures';

/** The text after the annotation that is offered at the mark `‸`; undefined where none is. */
async function annotated(marked: string, file = 'main.py'): Promise<string | undefined> {
  const offset = marked.indexOf('‸');
  expect(offset).toBeGreaterThanOrEqual(0);
  const text = marked.replace('‸', '');
  const plan = (await analyse({ [file]: text })).annotation(file, offset);
  return plan && applyReportedEdits(text, plan.edits);
}

const REGISTRY = `import threading

class Registry:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = []
        self._long_name_of_something_that_is_kept_here = dict(first='a', second='bb')
        self._many = [
            1,
        ]
        self._a, self._b = 1, 2
        self._once = 0
        self._open = 0

    def add(self, item):
        with self._lock:
            self._items.append(item)
            self._long_name_of_something_that_is_kept_here[item] = item
            self._many.append(self._long_name_of_something_that_is_kept_here)
            self._a, self._b = self._b, self._a
            self._once += 1
            self._open += 1

    def take(self):
        with self._lock:
            self._many.clear()
            return self._items.pop()

    def reset(self):
        with self._lock:
            self._items = []
        self._open = 0
`;

/** The text with a mark before the first of these words. */
function at(text: string, words: string): string {
  expect(text).toContain(words);
  return text.replace(words, `‸${words}`);
}

describe('an annotation', () => {
  it('stands behind the declaration where the line has room', async () => {
    expect(await annotated(at(REGISTRY, 'self._items = []'))).toBe(REGISTRY.replace('self._items = []', 'self._items = []  # guarded by: _lock'));
  });

  it('stands above it where it has none, and where the declaration has several lines', async () => {
    const long = "        self._long_name_of_something_that_is_kept_here = dict(first='a', second='bb')";
    expect(await annotated(at(REGISTRY, long.trim()))).toBe(REGISTRY.replace(long, `        # guarded by: _lock\n${long}`));
    const many = '        self._many = [';
    expect(await annotated(at(REGISTRY, many.trim()).replaceAll('\n', '\r\n'))).toBe(
      REGISTRY.replace(many, `        # guarded by: _lock\n${many}`).replaceAll('\n', '\r\n'),
    );
  });

  it.each([
    ['for one of two on a line', 'self._a, self._b = 1'],
    ['for what is used under the lock once only', 'self._once = 0'],
    ['for what is used without the lock somewhere', 'self._open = 0'],
    ['for the lock itself', 'self._lock = threading'],
    ['away from the declaration', 'self._items.append'],
    ['at a later assignment', 'self._items = []\n        self._open'],
  ])('is not offered %s', async (_, words) => {
    expect(await annotated(at(REGISTRY, words))).toBeUndefined();
  });

  it('is not offered where there is one', async () => {
    expect(await annotated(at(REGISTRY.replace('self._items = []', 'self._items = []  # guarded by: _lock'), 'self._items = []'))).toBeUndefined();
  });

  it('names a lock of the module, and goes behind another comment on a line of its own', async () => {
    const text = `import threading
_lock = threading.Lock()
_rows = {}  # by name

def put(key):
    with _lock:
        _rows[key] = 1

def drop(key):
    with _lock:
        del _rows[key]
`;
    expect(await annotated(at(text, '_rows = {}'))).toBe(text.replace('_rows = {}', '# guarded by: _lock\n_rows = {}'));
  });

  it('is a tag in TypeScript', async () => {
    const text = `import { Mutex } from 'async-mutex';
const lock = new Mutex();
let rows: string[] = [];
export class Store {
  private readonly own = new Mutex();
  #count = 0;
  async add(load: () => Promise<string>) {
    await this.own.runExclusive(async () => { this.#count += (await load()).length; });
    await lock.runExclusive(async () => { rows.push(await load()); });
  }
  async clear() {
    await this.own.runExclusive(() => { this.#count = 0; });
    await lock.runExclusive(() => { rows = []; });
  }
}
`;
    expect(await annotated(at(text, '#count = 0'), 'main.ts')).toBe(text.replace('#count = 0;', '#count = 0; // @guardedBy own'));
    expect(await annotated(at(text, 'rows: string'), 'main.ts')).toBe(text.replace('rows: string[] = [];', 'rows: string[] = []; // @guardedBy lock'));
  });
});

describe('annotations of all fixtures', () => {
  it('bring no finding, and are read back', async () => {
    let count = 0;
    for (const { name, files } of readFixtures()) {
      if (!Object.values(files).some((text) => /lock|mutex|condition/i.test(text))) continue;
      const workspace = await newWorkspace();
      workspace.change(Object.entries(files).map(([file, text]) => ({ file, text })));
      const before = workspace.analyse();
      const told = before.findings().map(({ rule, file, message }) => `${file} ${rule} ${message}`);
      for (const [file, text] of Object.entries(files)) {
        const module = before.module(file);
        if (!module || languageOf(file) === undefined) continue;
        for (const { span } of declarationsIn(module)) {
          const plan = workspace.analyse().annotation(file, span.start);
          if (!plan) continue;
          count++;
          workspace.change([{ file, text: applyReportedEdits(text, plan.edits) }]);
          const after = workspace.analyse();
          expect(after.module(file)?.guards?.length, `${name}: ${plan.title}`).toBe((module.guards?.length ?? 0) + 1);
          const now = after.findings().map((finding) => `${finding.file} ${finding.rule} ${finding.message}`);
          expect(
            now.filter((each) => !told.includes(each)),
            `${name}: ${plan.title}`,
          ).toEqual([]);
          workspace.change([{ file, text }]);
        }
      }
    }
    expect(count).toBeGreaterThan(50);
  }, 120_000);
});
