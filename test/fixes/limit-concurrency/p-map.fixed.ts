// Where p-map is imported already, it does that.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mapWith from 'p-map';

export const links = (pages: string[]) => mapWith(pages, (page) => fetch(page), { concurrency: 2 });

export async function texts(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return await mapWith(names, (name) => readFile(join(folder, name), 'utf8'), { concurrency: 8 });
}
