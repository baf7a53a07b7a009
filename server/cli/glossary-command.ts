// lockset glossary: writes the glossary as a static site.
import { mkdirSync, writeFileSync } from 'node:fs';
import { absolutePath } from '../disk/node-files';
import { createLibrary } from '../lower/library';
import { glossarySite } from '../report/site';
import { parentOf } from '../workspace/file-system';
import { readAsset } from './assets';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';

/** Writes the site into a folder, which is made if it is not there; other files in it stay. */
export function writeGlossary({ output }: { readonly output: string }, { terminal, assets }: Surroundings): void {
  const folder = absolutePath(output, terminal.folder);
  const files = glossarySite(createLibrary(), readAsset(assets, 'site.js').toString('utf8'));
  try {
    for (const path of new Set([...files.keys()].map((name) => parentOf(`${folder}/${name}`)))) mkdirSync(path, { recursive: true });
    for (const [name, content] of files) writeFileSync(`${folder}/${name}`, content);
  } catch (error) {
    throw new CannotRun(`cannot write ${output}: ${error instanceof Error ? error.message : String(error)}`);
  }
  terminal.tell(`wrote ${files.size} pages; open ${output.replace(/\/$/, '')}/index.html\n`);
}
