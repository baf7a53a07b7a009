// Tests of hovers: which words of a comment are terms, what an API's card says, and that no workspace text becomes markdown.
import { describe, expect, it } from 'vitest';
import { rules } from '../../glossary/rules';
import { terms } from '../../glossary/terms';
import { createLibrary } from '../../server/lower/library';
import type { ApiEntry } from '../../server/model/library';
import { libraryKey } from '../../server/model/library';
import type { Binding, Language, ModelFunction, Module } from '../../server/model/module';
import { findCard, listCards } from '../../server/report/cards';
import { hoverAt } from '../../server/report/hover';
import { rulePage, termCard } from '../../server/report/hover-cards';
import { cardLink, codeSpan, escapeMarkdown, OPEN_CARD_COMMAND, prose } from '../../server/report/markdown';

const library = createLibrary();

/** A module with the comments of its text, the imports given, and an async function if wanted. */
function moduleOf(text: string, language: Language, imports: readonly string[] = [], isAsync = false): Module {
  const pattern = language === 'python' ? /"""[\s\S]*?"""|#[^\n]*/g : /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  const comments = [...text.matchAll(pattern)].flatMap((match) => [match.index, match.index + match[0].length]);
  const bindings = Object.fromEntries(imports.map((specifier): [string, Binding] => [specifier, { kind: 'import', specifier, span: { start: 0, end: 0 } }]));
  const body = { isAsync, operations: [] } as unknown as ModelFunction;
  return { file: 'file', language, functions: [body], classes: [], bindings, exports: [], comments, problems: [] };
}

/** The title on the card over the first occurrence of a word, or nothing. */
function titleAt(text: string, word: string, options: { language?: Language; imports?: readonly string[]; isAsync?: boolean } = {}): string | undefined {
  const module = moduleOf(text, options.language ?? 'python', options.imports, options.isAsync);
  const offset = text.indexOf(word);
  expect(offset, `"${word}" in the text`).toBeGreaterThanOrEqual(0);
  const hover = hoverAt({ module, text, offset: offset + 1, library });
  return hover && /^\*\*([^*]+)\*\*/.exec(hover.markdown)?.[1];
}

describe('words in comments', () => {
  it.each([
    ['# take the lock first', 'lock', 'Lock'],
    ['# a Mutex would do', 'Mutex', 'Lock'],
    ['# two mutexes', 'mutexes', 'Lock'],
    ['# can deadlock here', 'deadlock', 'Deadlock'],
    ['# avoids deadlocks.', 'deadlocks', 'Deadlock'],
    ['# RACE CONDITION!', 'RACE', 'Race condition'],
    ['# a race-condition between', 'race', 'Race condition'],
    ['# the race conditions', 'conditions', 'Race condition'],
    ['# holds the GIL', 'GIL', 'Global interpreter lock'],
    ['# the global interpreter lock', 'lock', 'Global interpreter lock'],
    ['# the (thread) pool', 'thread', 'Thread'],
    ['# uses a thread pool', 'pool', 'Thread pool'],
    ['# thread-safe, see below', 'thread', 'Thread safety'],
    ['# runs on the event loop', 'event', 'Event loop'],
    ['# enters the critical section', 'section', 'Critical section'],
    ['# the semaphores', 'semaphores', 'Semaphore'],
    ['# the parent process', 'process', 'Child process'],
    ['# a blocking call holds up the thread', 'blocking', 'Blocking'],
    ['# a non-blocking read', 'blocking', 'Non-blocking'],
    ['# lock-free code', 'lock', 'Lock-free'],
    ['# uses Atomics on it', 'Atomics', 'Atomics'],
    ['# checked atomically', 'atomically', 'Atomic'],
    ['# needs an RLock', 'RLock', 'Reentrant lock'],
    ['# thread/process', 'thread', 'Thread'],
    ['# the lock(s) we hold', 'lock', 'Lock'],
    ['def f():\n    """Guards against a data race."""', 'data', 'Data race'],
    ['# first a race\n# condition across lines', 'race', 'Race condition'],
    ['x = 1  # a so-called "critical section"', 'critical', 'Critical section'],
  ])('%j: %s is %s', (text, word, title) => expect(titleAt(text, word)).toBe(title));

  it('are found across the lines of block comments and in TypeScript', () => {
    const text = '/*\n * There is a race\n * condition here.\n */\nfoo();';
    expect(titleAt(text, 'condition', { language: 'typescript' })).toBe('Race condition');
    expect(titleAt('// no deadlock', 'deadlock', { language: 'typescript' })).toBe('Deadlock');
  });

  it('give the span of the whole term', () => {
    const text = 'x = 1\n# the race condition, again';
    const hover = hoverAt({ module: moduleOf(text, 'python'), text, offset: text.indexOf('dition'), library });
    expect(hover && text.slice(hover.start, hover.end)).toBe('race condition');
  });

  it.each([
    ['lock = make()  # nothing', 'lock'],
    ['print("deadlock")', 'deadlock'],
    ['# uses self.lock here', 'lock'],
    ['# see my_lock', 'lock'],
    ['# thread_count is 3', 'thread'],
    ['# package-lock.json', 'lock'],
    ['# lock.acquire()', 'lock'],
    ['# lock() is called', 'lock'],
    ['# lock = Lock()', 'lock'],
    ['# the `lock` argument', 'lock'],
    ['# call ``thread.start``', 'thread'],
    ['# import threading', 'threading'],
    ['# see https://example.com/lock for more', 'lock'],
    ['# in src/thread/main.py', 'thread'],
    ["# the key 'lock' is", 'lock'],
    ['# a clock ticks', 'lock'],
    ['# the fish gil is', 'gil'],
    ['# blocked', 'lock'],
    ['# a thread *except* the main thread', 'except'],
    ['# async def main():', 'async'],
  ])('%j has no card at %s', (text, word) => expect(titleAt(text, word)).toBeUndefined());
});

describe('everyday words', () => {
  it.each([
    ['# in a future version', 'future', ['asyncio']],
    ['# to be done in the future', 'future', ['asyncio']],
    ['# process the rows', 'process', ['multiprocessing']],
    ['# we process them later', 'process', ['multiprocessing']],
    ['# in the process', 'process', ['multiprocessing']],
    ['def f():\n    """Process selector events."""', 'Process', ['multiprocessing']],
    ['# a syslog daemon', 'daemon', ['threading']],
    ['# join the parts with commas', 'join', ['threading']],
    ['# a long task', 'task', []],
    ['# the review process', 'process', []],
    ['# I promise this works', 'promise', ['asyncio']],
    ['# pipe the output on', 'pipe', ['multiprocessing']],
    ['# the thread asks poll/select', 'poll', ['select']],
    ['# the lock of a blocking connection', 'blocking', ['redis']],
    ['# a thread listens on the Redis channel', 'channel', ['redis']],
  ])('%j: %s with imports %j is no term', (text, word, imports) => expect(titleAt(text, word, { imports })).toBeUndefined());

  it.each([
    ['# the future holds the result', 'future', ['concurrent.futures'], 'Future'],
    ['# waits for the future', 'future', ['concurrent.futures'], 'Future'],
    ['# each process has its own', 'process', ['multiprocessing'], 'Process'],
    ['# the child processes', 'child', ['multiprocessing'], 'Child process'],
    ['# join the thread', 'join', [], 'Join'],
    ['# the lock is given to a task', 'task', [], 'Task'],
    ['# cancels the task', 'task', ['asyncio'], 'Task'],
    ['# a race between the two threads', 'race', [], 'Race condition'],
  ])('%j: %s with imports %j is %s', (text, word, imports, title) => expect(titleAt(text, word, { imports })).toBe(title));

  it('count where the module has async functions and the term is about those', () => {
    const options = { language: 'typescript' as const };
    expect(titleAt('// keeps the promise', 'promise', options)).toBeUndefined();
    expect(titleAt('// keeps the promise', 'promise', { ...options, isAsync: true })).toBe('Future');
    expect(titleAt('# that task', 'task', { isAsync: true })).toBe('Task');
  });

  it('take their context from the neighbouring comment lines only', () => {
    expect(titleAt('# a thread\n# and its task', 'task')).toBe('Task');
    expect(titleAt('# a thread\n\n# and its task', 'task')).toBeUndefined();
    expect(titleAt('# a thread\nx = 1\n# and its task', 'task')).toBeUndefined();
  });

  it('do not lend each other certainty', () => expect(titleAt('# the task and its future', 'task')).toBeUndefined());
});

describe('suppressions', () => {
  const text = 'x += 1  # lockset: allow(unguarded-shared-state, no-such-rule) one thread holds the lock';
  const at = (word: string) => hoverAt({ module: moduleOf(text, 'python'), text, offset: text.indexOf(word) + 1, library });
  it('show the rule', () => {
    expect(at('unguarded')?.markdown).toContain('Unguarded shared state');
    expect(text.slice(at('unguarded')!.start, at('unguarded')!.end)).toBe('unguarded-shared-state');
  });
  it('are no prose, but their reasons are', () => {
    expect(at('lockset')).toBeUndefined();
    expect(at('no-such')).toBeUndefined();
    expect(hoverAt({ module: moduleOf(text, 'python'), text, offset: text.lastIndexOf('lock') + 1, library })?.markdown).toMatch(/^\*\*Lock\*\*/);
  });
});

describe('API cards', () => {
  const at = (name: string, language: Language = 'python', own = library) =>
    hoverAt({ module: moduleOf('f()', language), text: 'f()', offset: 0, subject: { api: name, start: 0, end: 1, known: [] }, library: own })?.markdown;

  it.each([
    ['queue.Queue.get', 'python', ['may block', 'releases the GIL', 'thread-safe, also without the GIL']],
    ['time.sleep', 'python', ['blocks', 'releases the GIL']],
    ['list.append', 'python', ['does not block', 'atomic', 'thread-safe, also without the GIL']],
    ['threading.Lock', 'python', ['not picklable', 'a lock between threads']],
    ['asyncio.sleep', 'python', ['awaitable', 'not thread-safe']],
    ['functools.cached_property', 'python', ['since Python 3.8', 'not thread-safe']],
    ['collections.Counter.update', 'python', ['not atomic', 'thread-safe in parts']],
    ['Array.push', 'typescript', ['atomic', 'does not block']],
    ['fs.readFileSync', 'typescript', ['blocks']],
    ['ArrayBuffer', 'typescript', ['transferable']],
    ['structuredClone', 'typescript', ['since Node.js 17']],
    ['concurrent.futures.ThreadPoolExecutor.submit', 'python', ['runs `fn` as a thread, several at a time']],
    ['http.server.BaseHTTPRequestHandler', 'python', ['its `do_*` runs as a thread']],
  ] as const)('%s in %s shows its semantics', (name, language, phrases) => {
    const markdown = at(name, language)!;
    for (const phrase of phrases) expect(markdown).toContain(phrase);
    expect(markdown.split('\n')[0]).toContain(`\`${name}\``);
  });

  it('link to their terms', () => expect(at('threading.Lock')).toContain('[Deadlock](command:lockset.openCard?%5B%22term%3Adeadlock%22%5D)'));

  it('show the canonical name for an alias', () => expect(at('multiprocessing.Pool.map')).toContain('`multiprocessing.pool.Pool.map`'));

  it('are not made up', () => expect(at('os.path.join')).toBeUndefined());

  it('show what a user wrote as plain text', () => {
    const hostile =
      '[click](command:workbench.action.terminal.new) ![x](https://e.example/x.png) <img src=x> **b** `a](command:x)` https://e.example @me\n# Big';
    const entry: ApiEntry = {
      name: 'x`](command:y)',
      language: 'python',
      kind: 'function',
      semantics: { summary: hostile, source: hostile, since: hostile },
      effects: [{ kind: 'join', target: { argument: 0, name: 'a`](command:z)' } }],
    };
    const markdown = at(entry.name, 'python', new Map([[libraryKey('python', entry.name), entry]]))!;
    const outsideCode = markdown.replace(/(`+)[^\n]*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/(?<!\\)[[\]]/);
    expect(outsideCode).not.toContain('<');
    expect(outsideCode).not.toContain('://');
    expect(outsideCode).not.toMatch(/^#/m);
    expect(outsideCode).not.toContain('**b**');
  });
});

describe('cards', () => {
  it('are whole for every term', () => {
    for (const term of terms) {
      const card = termCard(term);
      for (const heading of [`# ${term.title}`, '## In Python', '## In TypeScript/JavaScript', '## Example', '## What goes wrong'])
        expect(card, term.id).toContain(heading);
    }
    expect(findCard('no-such-term', library)).toBeUndefined();
  });

  it('are whole for every rule, with fences that editors know', () => {
    for (const rule of rules) {
      const page = rulePage(rule);
      expect(page).toContain(rule.summary);
      expect(page.match(/^```\w+ (?:bad|good)$/gm)).toBeNull();
      for (const language of rule.languages) expect(page).toContain(`\n\`\`\`${language}\n`);
    }
    expect(findCard('no-such-rule', library)).toBeUndefined();
  });

  it('have links that lead somewhere', () => {
    const all = [...terms.map((term) => termCard(term)), ...rules.map((rule) => rulePage(rule))].join('\n');
    const links = [...all.matchAll(/\]\(command:([\w.]+)\?([^)]*)\)/g)];
    expect(links.length).toBeGreaterThan(terms.length);
    for (const [, command, argument] of links) {
      expect(command).toBe(OPEN_CARD_COMMAND);
      const [id] = JSON.parse(decodeURIComponent(argument));
      expect(findCard(id, library), id).toBeDefined();
    }
  });

  it('open by term, rule, name and API', () => {
    expect(findCard('mutex', library)?.title).toBe('Lock');
    expect(findCard('lock-order-inversion', library)?.title).toBe('Lock order inversion');
    expect(findCard('threading.Lock', library)?.title).toBe('threading.Lock');
    expect(findCard('typescript:Worker', library)?.title).toBe('Worker');
    expect(findCard('no such thing', library)).toBeUndefined();
  });

  it('are found by what a person sees', () => {
    for (const { id, symptoms } of terms) for (const symptom of symptoms) expect(findCard(symptom, library), `${id}: ${symptom}`).toBeDefined();
    expect(findCard('PicklingError', library)?.title).toBe('Pickling error');
  });

  it('of a class list its members, also those of its bases', () => {
    const card = findCard('threading.Timer', library)!.markdown;
    for (const member of ['cancel', 'join', 'start']) expect(card).toMatch(new RegExp(`^\\| \\[${member}\\]`, 'm'));
    expect(card).toMatch(/\*Checked against Python 3\.14/);
  });

  it('are all listed, each with one line', () => {
    const listed = listCards(library);
    const idsOf = (...kinds: string[]) => listed.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    expect(idsOf('term', 'rule').sort()).toEqual([...terms.map(({ id }) => `term:${id}`), ...rules.map(({ id }) => id)].sort());
    expect(idsOf('symptom').length).toBeGreaterThan(100);
    expect(idsOf('api').length).toBeGreaterThanOrEqual(700);
    for (const card of listed) {
      if (card.kind !== 'symptom') expect(card.summary, card.id).toMatch(/\S[.:]$/);
      expect(card.summary).not.toContain('\n');
      expect(findCard(card.id, library)).toBeDefined();
    }
  });

  it('have no commands for clients that run none', () => {
    for (const term of terms) expect(termCard(term, false)).not.toContain('command:');
    for (const rule of rules) expect(rulePage(rule, false)).not.toContain('](command:');
    const text = '# a lock';
    expect(hoverAt({ module: moduleOf(text, 'python'), text, offset: 5, library, withCommands: false })?.markdown).not.toContain('command:');
  });
});

describe('markdown', () => {
  it.each([
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a\nb', '`a b`'],
    ['``x', '``` ``x ```'],
  ])('puts %j in a code span that it cannot leave', (text, span) => expect(codeSpan(text)).toBe(span));

  it('escapes what would format', () => {
    expect(escapeMarkdown('*a* _b_ [c](d) <e> #f | ~g~ $h$')).toBe('\\*a\\* \\_b\\_ \\[c\\](d) &lt;e&gt; \\#f \\| \\~g\\~ \\$h\\$');
    expect(escapeMarkdown('&lt; http://x www.y.z a@b')).toBe('&amp;lt; http&#58;//x www&#46;y.z a&#64;b');
  });

  it('keeps code spans of prose and nothing else', () => expect(prose('`a*b` *c* `open')).toBe('`a*b` \\*c\\* \\`open'));

  it('encodes a link’s argument so that it ends where it should', () => {
    expect(cardLink("a')b", 'x]y')).toBe('[x\\]y](command:lockset.openCard?%5B%22a%27%29b%22%5D)');
    expect(cardLink('a', 'b*', false)).toBe('b\\*');
  });
});
