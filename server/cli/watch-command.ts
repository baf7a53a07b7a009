// lockset check --watch: stays, and tells after each change what is new and what is gone.
import { baselineOf, type Comparison, compareWith } from '../report/baseline';
import { counted, displayPlace, harmless, paletteOf } from '../report/plain-text';
import { renderFindingsText } from '../report/render-findings';
import type { Checked } from './check-formats';
import type { CheckOptions } from './check-options';
import { judge, print } from './conclude-check';
import { type Changed, FileChanges } from './file-changes';
import { runOptionsOf } from './run-options';
import type { ExitStatus, Surroundings } from './surroundings';
import type { Terminal } from './terminal';
import { WatchedProgram } from './watched-program';

/** Clears the screen, and what has gone out of it at the top. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** Checks the paths, and again whenever something changes, until it is interrupted; gives the status of the last check. */
export async function watch(paths: readonly string[], options: CheckOptions, surroundings: Surroundings): Promise<ExitStatus> {
  const { terminal } = surroundings;
  const runOptions = await runOptionsOf(paths, options, surroundings);
  const request = { options, runOptions, targets: [{ format: options.format }], terminal };
  const program = new WatchedProgram(surroundings.engine(), runOptions);
  const changes = await FileChanges.of(runOptions.paths, runOptions.only);
  try {
    let { checked, status } = judge(await program.start(), request);
    print(checked, request);
    // From here on only: what takes long ends at once when it is interrupted.
    const interrupted = new Promise<undefined>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
    });
    const next = (): Promise<Changed | undefined> => {
      if (!options.quiet) terminal.tell(`watching ${counted(checked.files, 'file')}; Ctrl+C ends\n`);
      return Promise.race([changes.next(), interrupted]);
    };
    for (let changed = await next(); changed; changed = await next()) {
      const before = checked;
      ({ checked, status } = judge(await (changed.isConfigured ? program.start() : program.update(changed.edited)), request));
      const comparison = compareWith(baselineOf(before, terminal.folder), checked, terminal.folder, () => true);
      if (terminal.isInteractive) {
        terminal.write(CLEAR);
        print(checked, request);
      }
      terminal.write(changeText(comparison, checked, options, terminal));
    }
    return status;
  } finally {
    await changes.close();
  }
}

/** What is new and what is gone; where all has just been shown, briefly. */
function changeText({ fresh, gone }: Comparison, checked: Checked, { full }: CheckOptions, { isInteractive, color, width, folder }: Terminal): string {
  const { good, severity, faint } = paletteOf(color);
  const style = { color, width, relativeTo: folder, lineOf: checked.lineOf };
  const lines = [
    ...(isInteractive
      ? fresh.map((finding) => `${severity.error('new')} ${harmless(displayPlace(finding, folder))} ${finding.rule}\n`)
      : [renderFindingsText(fresh, { ...style, full })]),
    ...gone.map(({ rule, file, symbol }) => `${good('gone')} ${harmless(file)} ${rule}${symbol ? ` in ${harmless(symbol)}` : ''}\n`),
    `${faint(new Date().toLocaleTimeString('en-GB'))} ${fresh.length > 0 ? severity.error(`${fresh.length} new`) : 'nothing new'}, ${gone.length} gone; ${counted(checked.findings.length, 'finding')} in ${counted(checked.files, 'file')}\n`,
  ];
  return lines.join('');
}
