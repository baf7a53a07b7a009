// Layer rules: which folder may import which, and which npm packages and Node modules it may use. The table is the one
// in ARCHITECTURE.md; test/unit/gates.test.ts proves that every rule has files to watch and catches what it forbids.

const ALL = '';

/**
 * `path`: the layer's files. `layers`: other layers it may import. `packages`: npm packages it may import.
 * `node`: which of its files may use Node's own modules; absent: none, `ALL`: every one.
 */
const LAYERS = {
  glossary: { path: '^glossary/', layers: [], packages: [] },
  text: { path: '^server/text/', layers: [], packages: [] },
  'syntax-python': { path: '^server/syntax/python/', layers: ['text'], packages: ['web-tree-sitter'] },
  'syntax-typescript': { path: '^server/syntax/typescript/', layers: ['text'], packages: ['typescript'] },
  model: { path: '^server/model/', layers: ['text'], packages: [] },
  // The front ends' type names the trees they hand out.
  lower: { path: '^server/lower/[^/]+$', layers: ['text', 'syntax-python', 'model', 'glossary'], packages: ['typescript'] },
  'lower-python': { path: '^server/lower/python/', layers: ['text', 'syntax-python', 'model', 'lower', 'glossary'], packages: [] },
  'lower-typescript': { path: '^server/lower/typescript/', layers: ['text', 'syntax-typescript', 'model', 'lower', 'glossary'], packages: ['typescript'] },
  summary: { path: '^server/summary/', layers: ['text', 'model'], packages: [] },
  rules: { path: '^server/rules/', layers: ['text', 'model', 'summary'], packages: [] },
  // Fixes edit source text by its syntax; which front end gives the tree is the engine's affair.
  fixes: { path: '^server/fixes/', layers: ['text', 'syntax-python', 'syntax-typescript', 'model', 'lower', 'summary', 'rules'], packages: ['typescript'] },
  // The report draws the facts (roots, locks, shared places), so it reads model and summary besides findings.
  report: {
    path: '^server/report/',
    layers: ['text', 'model', 'summary', 'rules', 'fixes', 'glossary'],
    packages: ['marked', 'fast-xml-builder', 'cli-table3', 'fast-string-width', 'fast-wrap-ansi', '@types/sarif'],
  },
  workspace: {
    path: '^server/workspace/',
    layers: ['text', 'syntax-python', 'syntax-typescript', 'model', 'lower', 'lower-python', 'lower-typescript', 'summary', 'rules', 'fixes', 'report'],
    packages: ['ignore', 'picomatch', 'smol-toml'],
  },
  // File access that the command line and the language server share.
  disk: { path: '^server/disk/', layers: ['text', 'model', 'lower', 'lower-python', 'lower-typescript', 'report', 'workspace'], packages: [], node: ALL },
  lsp: {
    path: '^server/lsp/',
    layers: ['text', 'model', 'lower', 'lower-python', 'lower-typescript', 'rules', 'report', 'workspace', 'disk', 'glossary'],
    packages: [
      'vscode-languageserver',
      'vscode-languageserver-protocol',
      'vscode-languageserver-types',
      'vscode-languageserver-textdocument',
      'vscode-jsonrpc',
    ],
    node: ALL,
  },
  cli: {
    path: '^server/cli/',
    layers: ['text', 'model', 'lower', 'lower-python', 'lower-typescript', 'rules', 'report', 'workspace', 'disk', 'glossary'],
    packages: ['chokidar', 'cli-progress', '@types/cli-progress', 'commander', 'diff', 'minisearch'],
    node: ALL,
  },
  // The client knows the server by its messages alone.
  client: {
    path: '^client/',
    layers: ['messages'],
    packages: ['vscode', '@types/vscode', 'vscode-languageclient', 'highlight.js', 'idiomorph', '@dagrejs/dagre'],
    node: '^client/(?:extension|server-process)\\.ts$',
  },
};

const MESSAGES = '^server/lsp/messages\\.ts$';
const OURS = '^(?:server|client|glossary|test|scripts|bench)/';

const anyOf = (parts) => `(?:${parts.join('|')})`;
const layerPath = (name) => (name === 'messages' ? MESSAGES : LAYERS[name].path);
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const forbidden = Object.entries(LAYERS).flatMap(([name, layer]) => [
  {
    name: `${name}-imports-only-what-its-layer-may`,
    severity: 'error',
    from: { path: layer.path },
    to: { path: OURS, pathNot: anyOf([layer.path, ...layer.layers.map(layerPath)]) },
  },
  {
    name: `${name}-uses-only-its-npm-packages`,
    severity: 'error',
    from: { path: layer.path },
    to: {
      // Everything that is neither ours nor Node's own; an unresolved name counts, as it would be a package.
      pathNot: anyOf([OURS, ...layer.packages.flatMap((each) => [`node_modules/${literally(each)}/`, `^${literally(each)}(?:/|$)`])]),
      dependencyTypesNot: ['core'],
    },
  },
  ...(layer.node === ALL ? [] : [nodeRule(name, layer)]),
]);

function nodeRule(name, { path, node }) {
  return { name: `${name}-keeps-off-node`, severity: 'error', from: { path, ...(node ? { pathNot: node } : {}) }, to: { dependencyTypes: ['core'] } };
}

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no-cycles', severity: 'error', from: { path: OURS }, to: { circular: true } },
    { name: 'nothing-imports-tests', severity: 'error', from: { path: '^(?:server|client|glossary)/' }, to: { path: '^(?:test|scripts|bench)/' } },
    // The benchmark and the comparison load their peers from a folder of their own.
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: { path: OURS, pathNot: '^(?:bench|test/comparison)/' },
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|\\.build|\\.cache|test/fixtures|test/fixes)/' },
    // Types count: a layer that needs another one's types depends on it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
