// Tests of the glossary's data: generated files are fresh, links lead somewhere, examples parse, faults are refused.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as typescript from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { ruleById, rules } from '../../glossary/rules';
import { termById, termByName, terms } from '../../glossary/terms';
import { createLibrary } from '../../server/lower/library';
import { FAMILIES } from '../../server/rules/finding';
import { RULES } from '../../server/rules/registry';
import { analyse } from '../support/analyse';
import { loadFrontEnds } from '../support/front-ends';

const root = join(import.meta.dirname, '../..');
const library = createLibrary();
/** The head words of the source glossary, and what those stand for that are cross-references. */
const HEAD_WORDS = readFileSync(join(root, 'test/unit/head-words.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line): [string, string] => {
    const [head, target = head] = line.split(' => ');
    return [head, target];
  });
const normal = (name: string) => name.toLowerCase().replace(/[\s-]+/g, ' ');

const temporary: string[] = [];
afterEach(() => temporary.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function generate(...options: string[]) {
  const run = spawnSync(process.execPath, [join(root, 'scripts/generate.mjs'), ...options], { encoding: 'utf8' });
  return { status: run.status, output: run.stdout + run.stderr };
}

/** A copy of the glossary in which one file is changed. */
function changedCopy(file: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'glossary-'));
  temporary.push(folder);
  cpSync(join(root, 'glossary'), join(folder, 'glossary'), { recursive: true });
  const before = readFileSync(join(folder, file), 'utf8');
  const after = change(before);
  expect(after, 'the planted change').not.toBe(before);
  writeFileSync(join(folder, file), after);
  return folder;
}

function fencesOf(text: string): { tag: string; code: string }[] {
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({ tag: match[1], code: match[2] }));
}

describe('generated files', () => {
  it('are what the sources say', () => {
    expect(generate('--check')).toEqual({ status: 0, output: '' });
  });

  it('are named when they drift', () => {
    const folder = changedCopy('glossary/terms/lock.md', (text) => text.replace('title = "Lock"', 'title = "Locke"'));
    const { status, output } = generate('--check', '--root', folder);
    expect(status).toBe(1);
    expect(output).toContain('glossary/generated/terms.json is out of date');
    expect(output).not.toContain('models.json');
  });

  it('are the same whenever they are written', () => {
    const folder = changedCopy('glossary/generated/models.json', () => '[]\n');
    expect(generate('--root', folder).status).toBe(0);
    for (const name of ['terms', 'models', 'rules']) {
      expect(readFileSync(join(folder, `glossary/generated/${name}.json`), 'utf8')).toBe(readFileSync(join(root, `glossary/generated/${name}.json`), 'utf8'));
    }
  });

  it('put the rules into a README and a manifest that have a place for them', () => {
    const folder = changedCopy('glossary/generated/rules.json', () => '[]\n');
    writeFileSync(join(folder, 'README.md'), 'before\n<!-- rules:start -->\nold\n<!-- rules:end -->\nafter\n');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ contributes: { configuration: { properties: { 'lockset.rules': { type: 'object' } } } } }));
    expect(generate('--check', '--root', folder).output).toContain('README.md is out of date');
    expect(generate('--root', folder).status).toBe(0);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(readme).toMatch(/^before\n<!-- rules:start -->\n\| Rule /);
    expect(readme).toMatch(/<!-- rules:end -->\nafter\n$/);
    const settings = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).contributes.configuration.properties['lockset.rules'].properties;
    for (const rule of rules) {
      expect(readme).toContain(`[${rule.id}](glossary/rules/${rule.id}.md)`);
      expect(settings[rule.id].default).toBe(rule.severity);
    }
    expect(generate('--check', '--root', folder).status).toBe(0);
  });
});

describe('faults in the sources', () => {
  const lock = 'glossary/terms/lock.md';
  const threading = 'glossary/models/python/threading.toml';
  const guard = 'glossary/rules/missing-main-guard.md';
  it.each([
    ['an unknown related term', lock, 'see_also = ["', 'see_also = ["no-such-term", "', 'see_also names nothing that is there: no-such-term'],
    ['an unknown rule', lock, 'rules = ["', 'rules = ["no-such-rule", "', 'rules names nothing that is there: no-such-rule'],
    ['an unknown API', lock, 'apis = ["', 'apis = ["python:no.such", "', 'apis names nothing that is there: python:no.such'],
    ['an unknown key in a card', lock, 'title = ', 'titel = "x"\ntitle = ', 'unknown key "titel"'],
    ['a missing section', lock, '## Example', '### Example', 'its headings are not'],
    ['an unknown fence', lock, '```python', '```pyhton', 'unknown fence "```pyhton'],
    ['one name for two terms', lock, 'aliases = ["', 'aliases = ["deadlock", "', '"deadlock" also belongs to'],
    ['a model without a summary', threading, /^summary = .*\n/m, '', 'semantics has no "summary"'],
    ['a model without a source', threading, /^source = .*\n/m, '', 'source is not a text'],
    ['an unknown key in a model', threading, 'kind = "class"', 'kind = "class"\nreturnz = "x"', 'unknown key "returnz" in entry'],
    ['an unknown effect', threading, 'kind = "spawn"', 'kind = "spwan"', 'unknown effect "spwan"'],
    ['a part that an effect does not have', threading, 'kind = "spawn", ', 'kind = "spawn", on = "io", ', 'unknown key "on" in effect spawn'],
    ['an unknown term in a model', threading, 'terms = ["', 'terms = ["no-such-term", "', 'unknown term no-such-term'],
    ['a base that is no class', threading, 'bases = ["threading.Thread"]', 'bases = ["threading.Thraed"]', 'bases names no class: threading.Thraed'],
    ['an outcome that is no class', threading, 'returns = "threading.Thread"', 'returns = "threading.start"', 'returns names no class: threading.start'],
    ['a name given twice', threading, 'name = "threading.Timer"', 'name = "threading.Thread"', 'python:threading.Thread is given twice'],
    ['broken TOML', threading, 'kind = "class"', 'kind = class', 'threading.toml: '],
    ['a rule without an example', guard, '```python bad', '```python', '"Bad" has no ```python bad example'],
    ['a rule of an unknown family', guard, 'family = "main-guard"', 'family = "main"', 'unknown family "main"'],
  ])('%s is refused and nothing is written', (_what, file, from, to, message) => {
    const folder = changedCopy(file, (text) => text.replace(from, to));
    writeFileSync(join(folder, 'glossary/generated/terms.json'), 'untouched');
    const { status, output } = generate('--root', folder);
    expect(output).toContain(message);
    expect(status).toBe(1);
    expect(readFileSync(join(folder, 'glossary/generated/terms.json'), 'utf8')).toBe('untouched');
  });
});

describe('terms', () => {
  it('are at least as many as the sources ask for', () => expect(terms.length).toBeGreaterThanOrEqual(140));

  it.each(HEAD_WORDS)('have a card for the head word %s', (head, target) => {
    const card = termByName(head);
    expect(card, head).toBeDefined();
    // An alias opens the card of what it stands for; a head word of its own opens one that is called so.
    expect(termByName(target)?.id).toBe(card!.id);
    expect([card!.title, ...card!.aliases].map(normal)).toContain(normal(target));
  });

  it.each([
    ['mutex', 'lock'],
    ['Mutual Exclusion', 'lock'],
    ['GIL', 'global-interpreter-lock'],
    ['promise', 'future'],
    ['race condition', 'race-condition'],
    ['critical-section', 'critical-section'],
  ])('"%s" opens %s', (name, id) => expect(termByName(name)?.id).toBe(id));

  it.each(terms.map((term) => [term.id, term] as const))('%s defines itself in two or three sentences', (_id, term) => {
    const sentences = term.definition.match(/[.?!](?=\s|$)/g)?.length ?? 0;
    expect(sentences).toBeGreaterThanOrEqual(2);
    expect(sentences).toBeLessThanOrEqual(3);
  });

  it('lead only to cards, rules and APIs that are there', () => {
    for (const term of terms) {
      for (const id of term.seeAlso) expect(termById(id), `${term.id} → ${id}`).toBeDefined();
      for (const id of term.rules) expect(ruleById(id), `${term.id} → ${id}`).toBeDefined();
      for (const key of term.apis) expect(library.has(key), `${term.id} → ${key}`).toBe(true);
      expect(term.seeAlso, `${term.id} and itself`).not.toContain(term.id);
    }
  });

  it('state what holds in today’s versions', () => {
    const card = (id: string) => JSON.stringify(termById(id));
    for (const fact of ['PEP 703', 'PEP 779', 'PEP 684', 'PEP 734']) expect(card('global-interpreter-lock')).toContain(fact);
    for (const fact of ['os.getpid()', 'os.getppid()', 'Process.kill()', '3.7']) expect(card('process')).toContain(fact);
    expect(card('thread')).toContain('MainThread');
    expect(card('thread')).toMatch(/cannot be killed/);
    expect(card('start-method')).toMatch(/forkserver since 3\.14/);
  });
});

describe('the facts of the sources', () => {
  it.each([
    ['event-loop', ['asyncio']],
    ['happens-before', []],
    ['lockset', []],
    ['asynchronous-io', ['asyncio']],
    ['structured-concurrency', ['TaskGroup']],
    ['timeout', ['asyncio.timeout']],
    ['barrier', ['asyncio.Barrier']],
    ['thread-local-storage', ['threading.local']],
    ['kill', ['Process.kill()', 'thread']],
    ['process-identifier', ['os.getpid()', 'os.getppid()']],
    ['main-thread', ['MainThread']],
    ['start-method', ['spawn', 'fork', 'forkserver', '3.14']],
    ['forkserver', ['3.14']],
    ['free-threading', ['PEP 703', 'PEP 779']],
    ['subinterpreter', ['PEP 684', 'PEP 734']],
    ['granularity', ['chunksize']],
    ['amdahls-law', []],
    ['false-sharing', []],
    ['cpu-affinity', ['sched_setaffinity']],
    ['context-switch', []],
    ['thread-dump', ['threading.enumerate', 'faulthandler', 'name']],
    ['parallel-test-runner', ['pytest-xdist']],
    ['debug-mode', ['PYTHONASYNCIODEBUG']],
    ['async-libraries', ['trio', 'anyio', 'curio', 'gevent']],
    ['parallel-frameworks', ['loky', 'ray', 'dask']],
    ['untrusted-pickle', ['authkey', '0.0.0.0']],
    ['event-driven', ['parallel']],
    ['concurrency', ['parallel']],
    ['lost-update', ['counter[0] = counter[0] + 1']],
    ['over-synchronization', []],
    ['hang-at-exit', []],
    ['endless-spawning', ['__main__']],
    ['slower-with-threads', []],
    ['memory-multiplied', []],
    ['pickling-error', ['PicklingError', 'lambda']],
    ['zombie-process', []],
    ['sentinel', ['None']],
    ['supervisor', []],
    ['work-stealing', []],
    ['map-reduce', []],
    ['producer-consumer', []],
    ['pipeline', []],
    ['fan-out-fan-in', []],
    ['choosing-a-tool', ['asyncio', 'thread', 'process']],
  ] as const)('are on the card %s', (id, facts) => {
    const card = JSON.stringify(termById(id));
    expect(card).toBeDefined();
    for (const fact of facts) expect(card).toContain(fact);
  });

  it.each(['hang-at-exit', 'endless-spawning', 'slower-with-threads', 'memory-multiplied', 'pickling-error'])(
    'lead from the symptom %s to rules and from their pages back',
    (id) => {
      const found = termById(id)!.rules;
      expect(found.length).toBeGreaterThan(0);
      for (const rule of found) expect(ruleById(rule)?.terms, rule).toContain(id);
    },
  );
});

describe('rules', () => {
  it('have a page each, with the family, languages and severity that the rule itself has', () => {
    expect(rules.map((page) => page.id).sort()).toEqual(RULES.map((rule) => rule.id).sort());
    for (const rule of RULES) {
      expect(ruleById(rule.id)).toMatchObject({ family: rule.family, languages: [...rule.languages], severity: rule.severity });
      expect(FAMILIES).toContain(rule.family);
    }
  });

  it('link to terms that are there and say how to opt out', () => {
    for (const page of rules) {
      for (const id of page.terms) expect(termById(id), `${page.id} → ${id}`).toBeDefined();
      expect(page.sections.at(-1)?.text).toContain(`lockset: allow(${page.id})`);
    }
  });
});

describe('examples', () => {
  const pages = [
    ...terms.map((term) => [term.id, [term.example, term.inPython, term.inTypescript, term.whatGoesWrong].join('\n')] as const),
    ...rules.map((rule) => [rule.id, rule.sections.map((section) => section.text).join('\n')] as const),
  ];
  const fences = pages.flatMap(([id, text]) => fencesOf(text).map((fence) => ({ id, ...fence })));

  it('are there on every page', () => {
    for (const [id, text] of pages) expect(fencesOf(text).length, id).toBeGreaterThan(0);
  });

  it('are TypeScript where they say so', () => {
    for (const { id, tag, code } of fences.filter((fence) => fence.tag.startsWith('typescript'))) {
      // A card may show the inside of a function, whose `return` is no error there.
      const file = typescript.createSourceFile(
        'example.ts',
        `async function example() {\n${code.replace(/^(?:import|export|declare) .*$/gm, '')}\n}`,
        typescript.ScriptTarget.Latest,
      );
      const whole = typescript.createSourceFile('example.ts', code, typescript.ScriptTarget.Latest);
      const errors = [file, whole].map((source) => (source as unknown as { parseDiagnostics: readonly unknown[] }).parseDiagnostics.length);
      expect(Math.min(...errors), `${id}, ${tag}`).toBe(0);
    }
    expect(fences.some((fence) => fence.tag.startsWith('typescript'))).toBe(true);
  });

  it('are Python where they say so', async () => {
    const [python] = (await loadFrontEnds()).filter((frontEnd) => frontEnd.language === 'python');
    const examples = fences.filter((fence) => fence.tag.startsWith('python'));
    expect(examples.length).toBeGreaterThan(20);
    expect(python.lower('broken.py', 'def f(:\n').problems).not.toEqual([]);
    for (const { id, tag, code } of examples) expect(python.lower('example.py', code).problems, `${id}, ${tag}`).toEqual([]);
  });

  it.for(fences.filter(({ tag }) => /^(?:python|typescript) (?:bad|good) ./.test(tag)).map((fence) => [fence.id, fence.tag, fence.code] as const))(
    'of %s give what they are marked with: %s',
    async ([_id, tag, code]) => {
      const [language, mark, rule] = tag.split(' ');
      expect(ruleById(rule), rule).toBeDefined();
      const findings = (await analyse({ [language === 'python' ? 'main.py' : 'main.ts']: code })).findings();
      const loud = findings.filter((finding) => finding.severity !== 'hint' || finding.rule === rule).map((finding) => finding.rule);
      if (mark === 'bad') expect(loud).toContain(rule);
      else expect(loud).toEqual([]);
    },
  );

  it.for(rules.flatMap((rule) => rule.languages.map((language) => [rule.id, language] as const)))(
    'of %s in %s are told apart by the rule',
    async ([id, language]) => {
      const text = ruleById(id)!
        .sections.map((section) => section.text)
        .join('\n');
      const reportedIn = async (mark: string) => {
        const file = language === 'python' ? 'main.py' : 'main.ts';
        const code = fencesOf(text).find((fence) => fence.tag === `${language} ${mark}`)!.code;
        // A hint of another rule is no fault of the example.
        const findings = (await analyse({ [file]: code })).findings();
        return findings.filter((finding) => finding.severity !== 'hint' || finding.rule === id).map((finding) => finding.rule);
      };
      expect(await reportedIn('bad')).toContain(id);
      expect(await reportedIn('good')).toEqual([]);
    },
  );
});
