// The checks of the whole repository: what each is called and which command runs it. Each counts as one test.

const bin = (file) => ['node', `node_modules/${file}`];

/** Needs no build, and must come before it: the build writes what this one compares. */
export const GENERATED = { name: 'generated files', command: ['node', 'scripts/generate.mjs', '--check'] };

/** Folders that layer rules apply to. */
export const SOURCE_FOLDERS = ['server', 'client', 'glossary', 'test', 'scripts', 'bench'];

/** In order of how soon they answer. */
export const CHECKS = [
  { name: 'hygiene', command: ['node', 'scripts/checks/hygiene.mjs'] },
  { name: 'lint and format', command: [...bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--max-diagnostics=20'] },
  { name: 'layers', command: [...bin('dependency-cruiser/bin/dependency-cruise.mjs'), ...SOURCE_FOLDERS, 'esbuild.mjs'] },
  { name: 'types', command: [...bin('typescript/bin/tsc'), '-b', '--pretty', 'false'] },
  { name: 'dead code', command: [...bin('knip/bin/knip.js'), '--no-progress'] },
];
