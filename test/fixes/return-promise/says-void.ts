// A link whose type says that it gives nothing, and one that drops its work in a branch.
import { mkdir, writeFile } from 'node:fs/promises';

export function build(folder: string, text?: string): Promise<void> {
  return mkdir(folder)
    .then((): void => {
      writeFile(`${folder}/done`, '');
    })
    .then(() => {
      if (text) {
        writeFile(`${folder}/text`, text);
      }
    })
    .then(() => console.log('built'));
}
