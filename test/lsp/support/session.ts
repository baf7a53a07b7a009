// Sessions for tests: the fake server bundled once per test file, clients that are gone after each test, folders on disk.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { uriOfPath } from '../../../server/lsp/uris';
import { bundleServer } from './bundle';
import { type ClientOptions, TestClient } from './client';

export interface Sessions {
  /** A client whose server has been initialised. */
  start(options?: ClientOptions): Promise<TestClient>;
  /** A client that has not said anything yet. */
  spawn(options?: ClientOptions): TestClient;
  /** A new folder with the given files; gives its path. */
  folder(files?: Readonly<Record<string, string>>): string;
}

/** To be called at the top of a test file. `entry` is bundled before its tests. */
export function sessions(entry = 'test/lsp/support/fake-main.ts', name = 'fake'): Sessions {
  let script = '';
  const clients: TestClient[] = [];
  const folders: string[] = [];
  beforeAll(async () => {
    script = await bundleServer(entry, name);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.dispose()));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => rmSync(script, { force: true }));
  const spawn = (options?: ClientOptions) => {
    const client = new TestClient(script, options);
    clients.push(client);
    return client;
  };
  return {
    spawn,
    async start(options) {
      const client = spawn(options);
      await client.initialize();
      return client;
    },
    folder(files = {}) {
      const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'lockset-lsp-')));
      folders.push(folder);
      for (const [name, text] of Object.entries(files)) write(folder, name, text);
      return folder;
    },
  };
}

/** Writes a file and the folders it is in; gives its URI. */
export function write(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return uriOfPath(file);
}
