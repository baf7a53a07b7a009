// Other joins, other functions that may look at more, and whole trees.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export async function settled(folder: string): Promise<number> {
  const names = await readdir(folder);
  const found = await Promise.allSettled(names.map((name) => stat(join(folder, name))));
  return found.length;
}

async function sizeOf(name: string): Promise<number> {
  return (await stat(name)).size;
}

export async function byName(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(sizeOf));
}

export async function commented(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(/* in any order */ (name) => sizeOf(join(folder, name))));
}

export async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => (entry.isDirectory() ? tree(join(folder, entry.name)) : [join(folder, entry.name)])),
  );
  return found.flat();
}
