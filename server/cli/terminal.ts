// The terminal as commands see it, so that tests can stand in for one.
import { ProgressBar } from './progress-bar';

export interface Terminal {
  /** Working folder: absolute, forward slashes. Paths are shown relative to it. */
  readonly folder: string;
  /** Results, to standard output. */
  write(text: string): void;
  /** Everything that is not a result, to standard error. */
  tell(text: string): void;
  /** Whether results are coloured. */
  readonly color: boolean;
  /** Columns that prose is wrapped to. */
  readonly width: number;
  /** Whether a person reads the results as they come, rather than a program or a log. */
  readonly isInteractive: boolean;
  /** Shows how far a long analysis is; '' takes it away. Nothing where nobody watches. */
  progress(phase: string, done?: number, total?: number): void;
}

/** A reason why a command could not run, for a person; ends it with status 2. */
export class CannotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRun';
  }
}

/** Lines of prose that are longer are hard to read. */
const WIDEST = 100;

/** This process's own terminal. */
export function processTerminal(folder: string): Terminal {
  const { stdout, stderr, env } = process;
  const isDumb = env['TERM'] === 'dumb';
  const bar = stderr.isTTY === true && !isDumb && !env['CI'] ? new ProgressBar(stderr) : undefined;
  return {
    folder,
    color: isForced(env['FORCE_COLOR']) ?? (stdout.isTTY === true && !env['NO_COLOR'] && !isDumb),
    width: Math.min(stdout.columns || WIDEST, WIDEST),
    isInteractive: stdout.isTTY === true && !isDumb && !env['CI'],
    write: (text) => {
      bar?.clear();
      stdout.write(text);
    },
    tell: (text) => {
      bar?.clear();
      stderr.write(text);
    },
    progress: (phase, done, total) => bar?.show(phase, done, total),
  };
}

/** What FORCE_COLOR says, which goes before everything else; undefined where it says nothing. */
function isForced(setting: string | undefined): boolean | undefined {
  return setting === undefined || setting === '' ? undefined : setting !== '0' && setting !== 'false';
}
