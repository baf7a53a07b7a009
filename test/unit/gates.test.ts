// Gates: every layer rule has files to watch, and a planted violation of each makes its gate fail.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** The folders that `npm test` gives to the layer rules. */
const { SOURCE_FOLDERS: SOURCES }: { readonly SOURCE_FOLDERS: readonly string[] } = await import(path.join(ROOT, 'scripts/checks/list.mjs'));

interface Rule {
  readonly name: string;
  readonly from: { readonly path: string; readonly pathNot?: string };
}
const rules: readonly Rule[] = createRequire(import.meta.url)(path.join(ROOT, '.dependency-cruiser.cjs')).forbidden;

/** The layer table of ARCHITECTURE.md once more, written down apart from the gate's own: a layer's folder and the folders it may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  glossary: [],
  'server/text': [],
  'server/syntax/python': ['server/text'],
  'server/syntax/typescript': ['server/text'],
  'server/model': ['server/text'],
  'server/lower': ['server/text', 'server/syntax/python', 'server/model', 'glossary'],
  'server/lower/python': ['server/text', 'server/syntax/python', 'server/model', 'server/lower', 'glossary'],
  'server/lower/typescript': ['server/text', 'server/syntax/typescript', 'server/model', 'server/lower', 'glossary'],
  'server/summary': ['server/text', 'server/model'],
  'server/rules': ['server/text', 'server/model', 'server/summary'],
  'server/fixes': ['server/text', 'server/syntax/python', 'server/syntax/typescript', 'server/model', 'server/lower', 'server/summary', 'server/rules'],
  'server/report': ['server/text', 'server/model', 'server/summary', 'server/rules', 'server/fixes', 'glossary'],
};
const ANALYSIS = [...Object.keys(MAY_IMPORT), 'server/workspace'];
const ALL_LAYERS = [...ANALYSIS, 'server/disk', 'server/lsp', 'server/cli', 'client'];

/** Packages that one layer has to itself. */
const PACKAGES: Readonly<Record<string, string>> = {
  'web-tree-sitter': 'server/syntax/python',
  'smol-toml': 'server/workspace',
  commander: 'server/cli',
  'cli-progress': 'server/cli',
  'vscode-languageserver/node': 'server/lsp',
  'vscode-languageclient/node': 'client',
  'fast-check': 'nowhere',
};

let scratch: string;
beforeAll(() => {
  mkdirSync(path.join(ROOT, '.cache'), { recursive: true });
  // Inside the repository, in an ignored folder, so that packages resolve as they do for the sources.
  scratch = mkdtempSync(path.join(ROOT, '.cache/gates-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the layer rules', () => {
  const files = SOURCES.flatMap((folder) => filesUnder(folder));

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s watches at least one file', (_, { from }) => {
    const watched = files.filter((file) => new RegExp(from.path).test(file) && !(from.pathNot && new RegExp(from.pathNot).test(file)));
    expect(watched).not.toEqual([]);
  });

  it('catch every import that the table does not allow, and no other', () => {
    const root = newTree();
    for (const layer of ALL_LAYERS) {
      writeFileSync(path.join(root, layer, 'target.ts'), 'export const target = 1;\n');
      const others = ALL_LAYERS.filter((other) => other !== layer);
      const lines = others.map((other, index) => `export { target as t${index} } from '${importPath(layer, `${other}/target`)}';`);
      for (const name of Object.keys(PACKAGES)) lines.push(`import '${name}';`);
      lines.push(`import 'node:fs';`);
      writeFileSync(path.join(root, layer, 'planted.ts'), lines.join('\n'));
    }
    const violations = cruise(root);
    for (const layer of ALL_LAYERS) {
      const told = (to: string) => violations.some((each) => each.from === `${layer}/planted.ts` && each.to.includes(to));
      for (const other of Object.keys(MAY_IMPORT)) {
        if (other !== layer && layer in MAY_IMPORT)
          expect(`${layer} → ${other}: ${told(`${other}/target.ts`)}`).toBe(`${layer} → ${other}: ${!MAY_IMPORT[layer].includes(other)}`);
      }
      for (const above of ['server/workspace', 'server/lsp', 'server/cli', 'client']) {
        if (above !== layer && layer in MAY_IMPORT) expect(`${layer} → ${above}: ${told(`${above}/target.ts`)}`).toBe(`${layer} → ${above}: true`);
      }
      for (const [name, owner] of Object.entries(PACKAGES)) {
        const folder = name.split('/')[0];
        expect(`${layer} uses ${name}: ${told(`node_modules/${folder}/`)}`).toBe(`${layer} uses ${name}: ${owner !== layer}`);
      }
      expect(`${layer} uses node:fs: ${told('fs')}`).toBe(`${layer} uses node:fs: ${ANALYSIS.includes(layer) || layer === 'client'}`);
    }
    expect(violations.filter((each) => each.from === 'client/planted.ts' && each.to.startsWith('server/')).length).toBe(ALL_LAYERS.length - 2);
  });

  it('catch cycles, imports of tests and imports of nothing', () => {
    const root = newTree();
    writeFileSync(path.join(root, 'server/text/a.ts'), "import type { B } from './b';\nexport type A = B;\n");
    writeFileSync(path.join(root, 'server/text/b.ts'), "import type { A } from './a';\nexport type B = A;\n");
    writeFileSync(path.join(root, 'server/text/c.ts'), "export * from '../../test/target';\nexport * from './nothing';\n");
    mkdirSync(path.join(root, 'test'));
    writeFileSync(path.join(root, 'test/target.ts'), 'export const target = 1;\n');
    const names = cruise(root).map((violation) => violation.rule.name);
    expect(names).toEqual(expect.arrayContaining(['no-cycles', 'nothing-imports-tests', 'every-import-resolves']));
  });
});

describe('the hygiene check', () => {
  const planted: [what: string, file: string, text: string, expected: RegExp][] = [
    ['a path of one machine', 'a.md', `see ${['', 'work', 'main'].join('/')}/x\n`, /a\.md:1: a path of one machine/],
    ['a home folder', 'a.json', `{"at": "${['', 'root', 'x'].join('/')}"}\n`, /a\.json:1: a path of one machine/],
    ['a package registry', '.npmrc', `registry=https://registry.${'npmjs'}.org\n`, /\.npmrc:1: the address of a package registry/],
    ['a source file that does not say what it is for', 'a.ts', 'export const a = 1;\n', /a\.ts: its first line/],
    ['a source file that is too long', 'a.mjs', `// Long.\n${'\n'.repeat(800)}`, /a\.mjs: 802 lines/],
    [
      'a download address',
      'package-lock.json',
      '{"packages":{"node_modules/a":{"resolved":"https://example.org/a.tgz","integrity":"x"}}}',
      /node_modules\/a has a download address/,
    ],
    ['a package without integrity hash', 'package-lock.json', '{"packages":{"node_modules/a":{}}}', /node_modules\/a has no integrity hash/],
  ];

  it.each(planted)('tells %s', (_, file, text, expected) => {
    const tree = mkdtempSync(path.join(tmpdir(), 'lockset-hygiene-'));
    try {
      spawnSync('git', ['init', '-q'], { cwd: tree });
      writeFileSync(path.join(tree, 'package-lock.json'), '{"packages":{}}');
      writeFileSync(path.join(tree, file), text);
      const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'scripts/checks/hygiene.mjs'), '--root', tree], { encoding: 'utf8' });
      expect(stderr).toMatch(expected);
      expect(status).toBe(1);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  });
});

describe('the project references', () => {
  it('cover every project there is', () => {
    const projects = SOURCES.flatMap(filesUnder)
      .filter((file) => path.basename(file) === 'tsconfig.json')
      .map(path.dirname);
    const { references } = JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'));
    expect(references.map((each: { path: string }) => each.path).sort()).toEqual(projects.sort());
  });

  it('keep Node, the DOM and higher layers out of layers 1 to 7', () => {
    const root = newTree();
    // The real sources take part: a package whose types pull Node's in would open the gate for a whole layer.
    for (const folder of ['server', 'glossary']) cpSync(path.join(ROOT, folder), path.join(root, folder), { recursive: true });
    const hasDom = ['server/syntax/python'];
    const planted = [
      "import fs from 'node:fs';",
      'export const a = process.cwd();',
      'export const b = fs;',
      'export const c = document.title;',
      'export const d = Buffer.from([]);',
    ];
    for (const layer of ANALYSIS) {
      const upward = importPath(layer, layer === 'server/workspace' ? 'server/lsp/messages' : 'server/workspace/snapshot');
      writeFileSync(path.join(root, layer, 'planted.ts'), `${planted.join('\n')}\nexport * from '${upward}';\n`);
    }
    writeFileSync(path.join(root, 'tsconfig.json'), JSON.stringify({ files: [], references: ANALYSIS.map((layer) => ({ path: layer })) }));
    const told = run('node_modules/typescript/bin/tsc', ['-b', '--pretty', 'false'], root).split('\n');
    for (const layer of ANALYSIS) {
      const errors = told.filter((line) => line.startsWith(`${layer}/planted.ts`)).join('\n');
      expect(errors, layer).toMatch(/\(1,\d+\): error TS\d+: Cannot find (?:module|name) 'node:fs'/);
      expect(errors, layer).toMatch(/Cannot find name 'process'/);
      expect(errors, layer).toMatch(/Cannot find name 'Buffer'/);
      if (!hasDom.includes(layer)) expect(errors, layer).toMatch(/Cannot find name 'document'/);
      expect(errors, layer).toMatch(/\(6,\d+\): error TS6307|\(6,\d+\): error TS6059/);
    }
  });
});

/** A new folder with the configuration files and every layer's folder, without sources. */
function newTree(): string {
  const root = mkdtempSync(path.join(scratch, 'tree-'));
  for (const layer of ALL_LAYERS) mkdirSync(path.join(root, layer), { recursive: true });
  for (const file of ['tsconfig.base.json', '.dependency-cruiser.cjs', 'package.json']) cpSync(path.join(ROOT, file), path.join(root, file));
  return root;
}

function importPath(folder: string, target: string): string {
  const relative = path.relative(folder, target).replaceAll('\\', '/');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function cruise(root: string): { from: string; to: string; rule: { name: string } }[] {
  const folders = SOURCES.filter((folder) => readdirSync(root).includes(folder));
  return JSON.parse(run('node_modules/dependency-cruiser/bin/dependency-cruise.mjs', [...folders, '--output-type', 'json'], root)).summary.violations;
}

/** Runs a tool of this repository in `cwd` and gives what it prints; these tools fail on purpose here. */
function run(tool: string, args: readonly string[], cwd: string): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, [path.join(ROOT, tool), ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error || stdout === '') throw error ?? new Error(stderr);
  return stdout;
}

/** Files below a folder of the repository, with forward slashes. */
function filesUnder(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
}
