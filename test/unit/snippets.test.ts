// Tests of the snippets: each is a whole program that parses, is clean under Lockset's own rules, and is what the editor is given.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as typescript from 'typescript';
import { describe, expect, it } from 'vitest';
import { readBody, type SnippetText, writeBody } from '../../glossary/snippet-body';
import { type Snippet, type SnippetLanguage, snippetById, snippetCode, snippets } from '../../glossary/snippets';
import { termById } from '../../glossary/terms';
import { analyse } from '../support/analyse';

const ROOT = join(import.meta.dirname, '../..');
const ENDINGS = { python: 'py', typescript: 'ts', javascript: 'js' };
const LANGUAGES = Object.keys(ENDINGS) as SnippetLanguage[];

interface Page {
  readonly file: string;
  readonly title: string;
  readonly front: Readonly<Record<string, unknown>>;
  readonly body: string;
}
interface Generator {
  contributedSnippets(snippets: readonly Snippet[]): readonly (readonly [file: string, text: string])[];
  readSnippets(pages: readonly Page[], readers: object, format: object, problems: string[]): readonly Snippet[];
}
const generator: Generator = await import(join(ROOT, 'scripts/generate/snippets.mjs'));
const { withoutTypes }: { withoutTypes(read: SnippetText): SnippetText } = await import(join(ROOT, 'scripts/generate/without-types.mjs'));

const programs = snippets.flatMap((snippet) =>
  LANGUAGES.flatMap((language) => {
    const code = snippetCode(snippet, language);
    return code === undefined ? [] : [[`${snippet.id} in ${language}`, language, code] as const];
  }),
);

describe('snippets', () => {
  it('are there for the patterns in both languages', () => {
    expect(snippets.filter(({ bodies }) => bodies.python).length).toBeGreaterThanOrEqual(25);
    expect(snippets.filter(({ bodies }) => bodies.typescript).length).toBeGreaterThanOrEqual(20);
    for (const { id, bodies } of snippets) expect(Boolean(bodies.javascript), id).toBe(Boolean(bodies.typescript));
  });

  it('are found by prefixes that begin alike and differ', () => {
    for (const { id, prefix } of snippets) expect(prefix, id).toMatch(/^conc-[a-z]/);
    expect(new Set(snippets.map(({ prefix }) => prefix)).size).toBe(snippets.length);
    expect(new Set(snippets.map(({ title }) => title)).size).toBe(snippets.length);
  });

  it('name terms that are there', () => {
    for (const { id, terms } of snippets) for (const term of terms) expect(termById(term), `${id} → ${term}`).toBeDefined();
  });

  it('describe themselves in one sentence', () => {
    for (const { id, description } of snippets) expect(description, id).toMatch(/^[A-Z].{20,160}\.$/);
  });

  it.each(programs)('%s is a whole program without findings', async (name, language, code) => {
    expect(code, name).not.toMatch(/\t|\r|[^\S\n]\n/);
    const file = `main.${ENDINGS[language]}`;
    const snapshot = await analyse({ [file]: code });
    expect(snapshot.module(file)?.problems).toEqual([]);
    const findings = snapshot.findings().filter(({ severity }) => severity !== 'hint');
    expect(findings.map(({ rule, range, message }) => `${rule} in line ${range.start.line + 1}: ${message}`)).toEqual([]);
    if (language !== 'python') expect(syntaxFaults(file, code)).toEqual([]);
  });
});

/** What TypeScript's parser says; of a JavaScript file also that it holds types. */
function syntaxFaults(fileName: string, code: string): string[] {
  const { diagnostics } = typescript.transpileModule(code, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { allowJs: true, target: typescript.ScriptTarget.ESNext, module: typescript.ModuleKind.ESNext, isolatedModules: true },
  });
  return (diagnostics ?? []).map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('generated files', () => {
  it('hold the code of the sources', () => {
    const sources = readdirSync(join(ROOT, 'glossary/snippets')).map((name) => name.replace(/\.md$/, ''));
    expect(snippets.map(({ id }) => id).sort()).toEqual(sources.sort());
    for (const id of sources) {
      const text = readFileSync(join(ROOT, `glossary/snippets/${id}.md`), 'utf8');
      const fences = [...text.matchAll(/^```(python|typescript)\n([\s\S]*?)\n```$/gm)];
      expect(fences.length, id).toBeGreaterThan(0);
      for (const [, language, body] of fences) {
        expect(snippetCode(snippetById(id)!, language as SnippetLanguage), `${id} in ${language}`).toBe(readBody(body).text);
      }
    }
  });

  it('are what the editor contributes', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const contributed: readonly { language: string; path: string }[] = manifest.contributes.snippets;
    expect(contributed.map(({ language }) => language).sort()).toEqual(['javascript', 'javascriptreact', 'python', 'typescript', 'typescriptreact']);
    const files = generator.contributedSnippets(snippets);
    expect([...new Set(contributed.map(({ path }) => path))].sort()).toEqual(files.map(([file]) => `./${file}`).sort());
    for (const [file, text] of files) expect(readFileSync(join(ROOT, file), 'utf8'), file).toBe(text);
  });
});

describe('bodies', () => {
  it('give text and holes', () => {
    expect(readBody('f(${1:a}, $1, \\${x\\}, ${2:{\\}})$0')).toEqual({
      text: 'f(a, a, ${x}, {})',
      holes: [
        { number: 1, start: 2, end: 3 },
        { number: 1, start: 5, end: 6 },
        { number: 2, start: 14, end: 16 },
        { number: 0, start: 17, end: 17 },
      ],
      problems: [],
    });
  });

  it.each(snippets.flatMap(({ id, bodies }) => Object.entries(bodies).map(([language, body]) => [`${id} in ${language}`, body] as const)))(
    'of %s are written as they are read',
    (_, body) => {
      const read = readBody(body);
      expect(read.problems).toEqual([]);
      expect(readBody(writeBody(read.text, read.holes))).toEqual(read);
    },
  );

  it.each([
    ['`${name}`', '"${name}`" is no placeholder; a dollar sign of the code is written \\$'],
    ['a$', '"$" is no placeholder'],
    ['$1 ${1:a}', '$1 comes before the place that says what it stands for'],
  ])('refuse %s', (body, problem) => expect(readBody(body).problems[0]).toContain(problem));
});

describe('TypeScript without its types', () => {
  const javascript = (body: string) => {
    const { text, holes, problems } = withoutTypes(readBody(body));
    return { body: writeBody(text, holes), problems };
  };
  it.each([
    ['const a: Map<string, ${1:number}> = new Map<string, number>();', 'const a = new Map();'],
    ['import type { A } from "a";\nimport { type B, c } from "b";\nc(1 as B, d!);', 'import { c } from "b";\nc(1, d);'],
    ['/** Gone. */\ninterface A {\n  readonly b: ${1:string};\n}\nconst c: ${1} = ${2:1};', 'const c = ${2:1};'],
    ['class A<T> implements B {\n  private readonly a?: T;\n  b<U>(c?: U, ...d: U[]): void {}\n}', 'class A {\n  a;\n  b(c, ...d) {}\n}'],
    ['const f = async <T,>(a: T): Promise<T> => ({ ...a }) satisfies T;', 'const f = async (a) => ({ ...a });'],
  ])('%s', (from, to) => expect(javascript(from)).toEqual({ body: to, problems: [] }));

  it.each(['enum A { B }', 'class A { constructor(private a: string) {} }', 'const = 1;'])('refuses %s', (body) => {
    expect(javascript(body).problems).not.toEqual([]);
  });
});

describe('faults in the sources', () => {
  const front = { title: 'T', description: 'D.', category: 'c', prefix: 'conc-x', terms: [] };
  const readers = { known: () => {}, text: (_file: string, from: Record<string, string>, key: string) => from[key], texts: () => [] };
  const problemsOf = (...pages: readonly Partial<Page>[]) => {
    const problems: string[] = [];
    const full = pages.map((page, index) => ({ file: `${index}.md`, title: `t${index}`, front, body: '```python\npass\n```\n', ...page }));
    generator.readSnippets(full, readers, { readBody, writeBody }, problems);
    return problems;
  };
  it.each([
    ['a prefix of another kind', [{ front: { ...front, prefix: 'x' } }], '0.md: prefix "x" is not conc- and words joined by hyphens'],
    ['a prefix given twice', [{}, {}], '1.md: prefix "conc-x" also belongs to 0.md'],
    ['an unknown language', [{ body: '```rust\n1\n```\n' }], '0.md: unknown fence "rust"'],
    ['two fences in a language', [{ body: '```python\n1\n```\n```python\n2\n```\n' }], '0.md: two fences in python'],
    ['text beside the code', [{ body: 'See:\n```python\n1\n```\n' }], '0.md: text beside the fences: See:'],
    ['no code', [{ body: '' }], '0.md: no code'],
    ['a dollar sign', [{ body: '```python\n$x\n```\n' }], '0.md: python: "$x" is no placeholder; a dollar sign of the code is written \\$'],
  ])('%s is named', (_, pages, problem) => expect(problemsOf(...pages)).toContain(problem));
});
