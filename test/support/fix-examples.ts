// Examples of fixes on disk: test/fixes/<kind>/<name>.py and <name>.fixed.py, which is what is left when every fix of the
// kind has been applied. Without a .fixed twin, findings are there to tempt and nothing of the kind may be offered. Beside
// Python ones may stand <name>.driver.py, whose `drive(module)` prints what the module does, and <name>.schedule.py, a driver
// for test/schedules/scheduler.py.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** The file beside an example that has `part` before its ending; undefined where there is none. */
export function besideExample({ name }: FixExample, part: 'fixed' | 'driver' | 'schedule'): string | undefined {
  const file = path.join(FOLDER, name.replace(/(\.\w+)$/, `.${part}$1`));
  return existsSync(file) ? file : undefined;
}

/** An example's own file. */
export function fileOfExample({ name }: FixExample): string {
  return path.join(FOLDER, name);
}

/** All examples, by name. */
export function readFixExamples(): FixExample[] {
  return readdirSync(FOLDER).flatMap((kind) => {
    const names = readdirSync(path.join(FOLDER, kind)).sort();
    return names
      .filter((name) => !/\.(?:fixed|driver|schedule)\.\w+$/.test(name))
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
