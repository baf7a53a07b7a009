// Eslint on the pairs: its rule on races across await, and the rules on promises of typescript-eslint, which ask the type checker.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The rules that are compared, by the tool that people install for them. */
export const RULES = {
  eslint: { 'require-atomic-updates': 'error' },
  'typescript-eslint': {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/prefer-promise-reject-errors': 'error',
    '@typescript-eslint/require-await': 'error',
  },
};

/** Lints everything below a folder, with types: file → `{ rule, line }[]`. */
export async function lintAll(peers, folder) {
  const require = createRequire(path.join(peers, 'package.json'));
  const { ESLint } = require('eslint');
  const types = path.join(peers, 'node_modules/@types');
  const compilerOptions = {
    target: 'esnext',
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    lib: ['esnext', 'dom', 'dom.iterable'],
    jsx: 'preserve',
    allowJs: true,
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [types],
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*'] }));
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
        languageOptions: { parser: require('@typescript-eslint/parser'), parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: folder } },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        plugins: { '@typescript-eslint': require('@typescript-eslint/eslint-plugin') },
        rules: Object.assign({}, ...Object.values(RULES)),
      },
    ],
  });
  const results = await eslint.lintFiles(['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}']);
  const broken = results.flatMap(({ filePath, messages }) => messages.flatMap((each) => (each.fatal ? [`${filePath}: ${each.message}`] : [])));
  if (broken.length > 0) throw new Error(`eslint could not read\n${broken.join('\n')}`);
  return new Map(results.map(({ filePath, messages }) => [filePath, messages.map(({ ruleId, line }) => ({ rule: ruleId, line }))]));
}
