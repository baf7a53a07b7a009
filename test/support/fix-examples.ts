// Examples of fixes on disk: test/fixes/<kind>/<name>.py and <name>.fixed.py, which is what is left when every fix of the
// kind has been applied. Without a .fixed twin, findings are there to tempt and nothing of the kind may be offered.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FixKind } from '../../server/rules/fix-intent';

const FOLDER = path.resolve(import.meta.dirname, '../fixes');

export interface FixExample {
  /** `hold-lock/method.py`. */
  readonly name: string;
  readonly kind: FixKind;
  readonly files: Readonly<Record<string, string>>;
  readonly fixed: Readonly<Record<string, string>>;
}

/** All examples, by name. */
export function readFixExamples(): FixExample[] {
  return readdirSync(FOLDER).flatMap((kind) => {
    const names = readdirSync(path.join(FOLDER, kind)).sort();
    return names
      .filter((name) => !/\.fixed\.\w+$/.test(name))
      .map((name) => {
        const twin = name.replace(/(\.\w+)$/, '.fixed$1');
        const text = (file: string) => readFileSync(path.join(FOLDER, kind, file), 'utf8');
        return {
          name: `${kind}/${name}`,
          kind: kind as FixKind,
          files: { [name]: text(name) },
          fixed: { [name]: text(names.includes(twin) ? twin : name) },
        };
      });
  });
}
