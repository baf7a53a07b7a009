export type Listener = (name: string) => void | Promise<void>;

class Log {
  error(message: string, cause?: unknown): void {
    process.stderr.write(`${message} ${String(cause)}\n`);
  }
}

/** Tells others of changes. */
export class Changes {
  private readonly log = new Log();

  constructor(private readonly onChange: Listener) {}

  change(name: string): void {
    this.onChange(name);
  }

  rename(from: string, to: string): void {
    if (from === '') this.log.error('No name is given:', from);
    setImmediate(() => {
      this.onChange(to);
    });
  }
}

export function watch(): Changes {
  return new Changes(async (name) => {
    await fetch(`/changed/${name}`);
  });
}
