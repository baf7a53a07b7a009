// As many open files as a folder has.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export async function sizes(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  // In the order of the names.
  return Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
}

export async function texts(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await Promise.all(
    (await readdir(folder)).map(async (name, index) => {
      if (index === 0) return; // the newest
      found.set(name, await readFile(join(folder, name), 'utf8'));
    }),
  );
  return found;
}
