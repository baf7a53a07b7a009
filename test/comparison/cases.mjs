// Cases: pairs of a bug and its fix, from folders or from the examples of the rule pages.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const SOURCE = /^(bad|good)\.([cm]?[jt]sx?)$/;

/** All pairs below a folder: `{ id, key, families, lines, extension, bad, good }`. */
export function casesIn(folder) {
  const description = path.join(folder, 'case.json');
  if (!existsSync(description))
    return readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name))
      .filter((each) => statSync(each).isDirectory())
      .flatMap(casesIn);
  const { id, families, expect = [] } = JSON.parse(readFileSync(description, 'utf8'));
  const found = Object.fromEntries(readdirSync(folder).flatMap((name) => (SOURCE.test(name) ? [[SOURCE.exec(name)[1], name]] : [])));
  if (!found.bad || !found.good) return [];
  const text = (name) => readFileSync(path.join(folder, name), 'utf8');
  const lines = expect.flatMap((each) => each.anyOf ?? [each.lines]);
  return [{ id, key: id, families, lines, extension: found.bad.split('.').at(-1), bad: text(found.bad), good: text(found.good) }];
}

/** The bad and good TypeScript examples of the rule pages; the whole of an example is expected to be told. */
export function examples(folder) {
  return readdirSync(folder).flatMap((name) => {
    const page = readFileSync(path.join(folder, name), 'utf8');
    const [bad, good] = ['bad', 'good'].map((kind) => new RegExp(`\`\`\`typescript ${kind}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1]);
    const family = /^family = "(.+)"$/m.exec(page)?.[1];
    const id = path.basename(name, '.md');
    return bad && good && family ? [{ id, key: id, families: [family], lines: undefined, extension: 'tsx', bad, good }] : [];
  });
}
