// Where results go: to the terminal, and into the files that --output names.
import { absolutePath, nodeFiles } from '../disk/node-files';
import { whyNotWritable, writeWhole } from '../disk/write-whole';
import { joinPath, nameOf, parentOf } from '../workspace/file-system';
import { languageOf } from '../workspace/languages';
import { CannotRun, type Terminal } from './terminal';

/** A format, and the file that gets it; without one it goes to the terminal. */
export interface Target<Format extends string> {
  readonly format: Format;
  readonly file?: string;
}

/** What results are wanted, and the files that other options name. */
interface Wanted<Format extends string> {
  readonly format: Format;
  readonly output?: readonly string[];
  readonly baseline?: string | false;
  readonly config?: string;
}

/**
 * What is written where. `--output FILE` gets what the terminal would have got; `--output FORMAT=FILE` is one more.
 * Throws `CannotRun` where a file cannot be written, so that nobody waits for an analysis in vain.
 */
export function targetsOf<Format extends string>(
  { format, output = [], baseline, config }: Wanted<Format>,
  formats: Readonly<Record<Format, unknown>>,
  terminal: Terminal,
): readonly Target<Format>[] {
  const files = output.map((text) => {
    const at = text.indexOf('=');
    const own = text.slice(0, Math.max(at, 0));
    return Object.hasOwn(formats, own) ? { format: own as Format, file: text.slice(at + 1), isMore: true } : { format, file: text, isMore: false };
  });
  const taken = new Set([baseline, config].flatMap((name) => (name ? [realName(name, terminal)] : [])));
  for (const { file } of files) {
    const name = realName(file, terminal);
    const reason = file === '' ? 'it has no name' : (whyNotWritable(name) ?? whyNotResults(name, taken));
    if (reason !== undefined) throw new CannotRun(`cannot write ${file}: ${reason}`);
    if (nodeFiles.kindOf(name) !== 'other') taken.add(name);
  }
  return files.every(({ isMore }) => isMore) ? [{ format }, ...files] : files;
}

/** Why results must not go into a file that could be written: they would take the place of something else. */
function whyNotResults(file: string, taken: ReadonlySet<string>): string | undefined {
  if (languageOf(file)) return 'it is named like source code';
  return taken.has(file) ? 'it is used for something else in this run' : undefined;
}

/** The file that is meant, wherever links lead. */
function realName(name: string, { folder }: Terminal): string {
  const file = absolutePath(name, folder);
  const parent = nodeFiles.realPath(parentOf(file)) as string | undefined;
  return (nodeFiles.realPath(file) as string | undefined) ?? (parent === undefined ? file : joinPath(parent, nameOf(file)));
}

/** Writes a text to its target; throws `CannotRun` where that fails. */
export function writeTo({ file }: Target<string>, text: string, terminal: Terminal, quiet = false): void {
  if (file === undefined) {
    terminal.write(text);
    return;
  }
  const reason = writeWhole(absolutePath(file, terminal.folder), text);
  if (reason !== undefined) throw new CannotRun(`cannot write ${file}: ${reason}`);
  if (!quiet) terminal.tell(`wrote ${file}\n`);
}
