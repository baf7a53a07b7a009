// Functions that cannot wait, because they are not async.
import { writeFile } from 'node:fs/promises';

async function save(file: string): Promise<void> {
  await writeFile(file, '');
}

export function saveNow(file: string): void {
  try {
    save(file);
  } catch (error) {
    console.error(error);
  }
}

export async function saveAll(files: string[], later: (run: () => void) => void): Promise<void> {
  for (const file of files) await save(file);
  try {
    later(() => {
      try {
        save(files[0]);
      } catch (error) {
        console.error(error);
      }
    });
  } catch (error) {
    console.error(error);
  }
}
