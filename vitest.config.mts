// Unit tests and tests over stdio; those in a real VS Code are run by scripts/vscode/run.mjs.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/unit/**/*.test.ts', 'test/lsp/**/*.test.ts'],
    // Files are isolated in processes of their own; two of them keep two cores busy without fighting over memory.
    pool: 'forks',
    maxWorkers: 2,
    // Only there to end a hang: no test measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Snapshots are accepted by hand only.
    update: false,
  },
});
