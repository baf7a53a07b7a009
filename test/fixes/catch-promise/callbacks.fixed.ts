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
    Promise.resolve(this.onChange(name)).catch((error) => {
      this.log.error('onChange() failed:', error);
    });
  }

  rename(from: string, to: string): void {
    if (from === '') this.log.error('No name is given:', from);
    setImmediate(() => {
      Promise.resolve(this.onChange(to)).catch((error) => {
        this.log.error('onChange() failed:', error);
      });
    });
  }
}

export function watch(): Changes {
  return new Changes(async (name) => {
    await fetch(`/changed/${name}`);
  });
}
