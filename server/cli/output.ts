// Where results go: to the terminal, and into the files that --output names.
import { absolutePath } from '../disk/node-files';
import { whyNotWritable, writeWhole } from '../disk/write-whole';
import { CannotRun, type Terminal } from './terminal';

/** A format, and the file that gets it; without one it goes to the terminal. */
export interface Target<Format extends string> {
  readonly format: Format;
  readonly file?: string;
}

/**
 * What is written where. `--output FILE` gets what the terminal would have got; `--output FORMAT=FILE` is one more.
 * Throws `CannotRun` where a file cannot be written, so that nobody waits for an analysis in vain.
 */
export function targetsOf<Format extends string>(
  { format, output = [] }: { readonly format: Format; readonly output?: readonly string[] },
  formats: Readonly<Record<Format, unknown>>,
  terminal: Terminal,
): readonly Target<Format>[] {
  const files = output.map((text) => {
    const at = text.indexOf('=');
    const own = text.slice(0, Math.max(at, 0));
    return Object.hasOwn(formats, own) ? { format: own as Format, file: text.slice(at + 1), isMore: true } : { format, file: text, isMore: false };
  });
  for (const { file } of files) {
    const reason = file === '' ? 'it has no name' : whyNotWritable(absolutePath(file, terminal.folder));
    if (reason !== undefined) throw new CannotRun(`cannot write ${file}: ${reason}`);
  }
  return files.every(({ isMore }) => isMore) ? [{ format }, ...files] : files;
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
