// The terminal as commands see it, so that tests can stand in for one.

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
  /** Shows how far a long analysis is; '' takes it away. Nothing where nobody watches. */
  progress(line: string): void;
}

/** A reason why a command could not run, for a person; ends it with status 2. */
export class CannotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRun';
  }
}

/** This process's own terminal. */
export function processTerminal(folder: string): Terminal {
  const { stdout, stderr, env } = process;
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0';
  const color = forced || (stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb');
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    folder,
    color,
    width: Math.min(stdout.columns ?? 100, 100),
    write: (text) => {
      clear();
      stdout.write(text);
    },
    tell: (text) => {
      clear();
      stderr.write(text);
    },
    progress: (line) => {
      clear();
      if (line === '' || stderr.isTTY !== true) return;
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1));
      shown = true;
    },
  };
}
