// Results of the tests in VS Code: a line each as they come, and the counts at the end.
import { writeFileSync } from 'node:fs';

/** Collects results. `title`s are printed behind `ok` or `FAILED`. */
export function createResults() {
  let passed = 0;
  let failed = 0;
  const add = (title, error) => {
    if (error === undefined) passed += 1;
    else failed += 1;
    console.log(error === undefined ? `ok      ${title}` : `FAILED  ${title}\n${indent(error)}`);
  };
  /** Runs a step and records how it went; returns whether it passed. */
  const check = async (title, run) => {
    try {
      await run();
      add(title);
      return true;
    } catch (error) {
      add(title, error instanceof Error ? (error.stack ?? error.message) : String(error));
      return false;
    }
  };
  /** Prints the last line, writes the counts to the JSON file LOCKSET_COUNTS names, and sets the exit status. */
  const finish = () => {
    if (process.env.LOCKSET_COUNTS) writeFileSync(process.env.LOCKSET_COUNTS, JSON.stringify({ passed, failed }));
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  };
  return { add, check, finish };
}

function indent(text) {
  return text
    .split('\n')
    .map((line) => `          ${line}`)
    .join('\n');
}
