// As many open files as a folder has.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export async function sizes(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  // In the order of the names.
  return mapLimited(names, 8, async (name) => (await stat(join(folder, name))).size);
}

export async function texts(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await mapLimited(
    (await readdir(folder)), 8, async (name, index) => {
      if (index === 0) return; // the newest
      found.set(name, await readFile(join(folder, name), 'utf8'));
    },
  );
  return found;
}

/** Works on at most so many items at a time; gives what comes of them in the order of the items. */
async function mapLimited<T, R>(items: readonly T[], most: number, work: (item: T, index: number) => R | Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
}
