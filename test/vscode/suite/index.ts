// What VS Code loads as `extensionTestsPath`: runs every suite beside it inside the extension host.
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * Called by VS Code. Each result is a line of JSON in the file that LOCKSET_SUITE_REPORT names; the last line says `done`. The
 * harness demands that line, for VS Code reports success when its extension host dies.
 */
export async function run(): Promise<void> {
  const reportFile = process.env['LOCKSET_SUITE_REPORT'];
  const report = (record: object) => reportFile && appendFileSync(reportFile, `${JSON.stringify(record)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base });
  for (const file of readdirSync(__dirname).sort()) if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      report({ done: true, failures });
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    runner.on('pass', (test) => report({ title: test.fullTitle(), passed: true, milliseconds: test.duration ?? 0 }));
    runner.on('fail', (test, error) => report({ title: test.fullTitle(), passed: false, error: String(error?.stack ?? error) }));
    runner.on('pending', (test) => report({ title: test.fullTitle(), passed: false, error: 'the test was skipped' }));
  });
}
