// Fixtures on disk: every file below test/fixtures/<family> is a program of its own, every folder there is one of several files.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { languageOf } from '../../server/workspace/languages';

const FOLDER = path.resolve(import.meta.dirname, '../fixtures');

export interface Fixture {
  /** `lock-order/through-calls.py`, `lock-order/across-files`. */
  readonly name: string;
  readonly family: string;
  /** File name inside the program → text. */
  readonly files: Readonly<Record<string, string>>;
}

/** All fixtures, by name. */
export function readFixtures(): Fixture[] {
  return readdirSync(FOLDER).flatMap((family) =>
    readdirSync(path.join(FOLDER, family))
      .sort()
      .map((entry) => ({ name: `${family}/${entry}`, family, files: readProgram(path.join(FOLDER, family, entry)) })),
  );
}

function readProgram(at: string): Record<string, string> {
  if (!statSync(at).isDirectory()) return { [path.basename(at)]: readFileSync(at, 'utf8') };
  const names = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) => languageOf(name));
  return Object.fromEntries(names.sort().map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(at, name), 'utf8')]));
}
