// The licences of the packages whose code is inside the bundles, as one text that ships with them.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What the licence of a package asks to be said of a changed copy. */
const CHANGES = { typescript: 'Changed: only the parser is taken, and its nodes for names were given the property `text`.' };

/** `metafiles` are esbuild's, `others` names packages whose files are copied as they are. Throws for a package without a licence. */
export function thirdPartyNotices(root, metafiles, others) {
  const folders = new Set(others.map((name) => `node_modules/${name}`));
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder) folders.add(folder);
      if (input.startsWith('typescript-parser:')) folders.add('node_modules/typescript');
    }
  }
  const notices = [...folders].map((folder) => notice(path.join(root, folder)));
  return [...new Set(notices)].sort().join(`\n${'-'.repeat(100)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(-\w+)?(\.txt|\.md)?$/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  const change = CHANGES[name] ? `${CHANGES[name]}\n` : '';
  return `${name} ${version} (${license})\n${change}\n${readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
}
