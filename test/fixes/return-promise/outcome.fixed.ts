// Links whose outcome comes to somebody, who got nothing so far.
import { mkdir, writeFile } from 'node:fs/promises';

async function fill(folder: string): Promise<number> {
  await writeFile(`${folder}/size`, '3');
  return 3;
}

/** The number would be taken for an error. */
export function build(folder: string, done: (error?: unknown) => void): void {
  mkdir(folder)
    .then(async () => {
      await fill(folder);
    })
    .then(done, done);
}

export function buildAndTell(folder: string): Promise<void> {
  return mkdir(folder, { recursive: true })
    .then(async (made) => {
      if (made === undefined) return;
      await fill(folder);
    })
    .finally(() => console.log('built'));
}

export async function buildAll(folders: string[]): Promise<void[]> {
  return await Promise.all(
    folders.map(async function (folder) {
      await fill(folder);
    }),
  );
}

export function buildAndForget(folder: string): Promise<void> {
  return mkdir(folder)
    .then(() => {
      return fill(folder);
    })
    .then(() => console.log('built'));
}
