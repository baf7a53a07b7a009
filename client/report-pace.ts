// When the report is asked for again: soon after a change, but never so often that the analysis is busy with reports.

/** A change is followed by others when somebody types or a branch is switched. */
const QUIET = 400;
/** A report that took so long to make is followed by so many times that without one. */
const REST = 4;

/** Runs `ask` when it is wanted, one at a time. `now` and `later` stand in for the clock in tests. */
export class ReportPace {
  private isAsking = false;
  private isWanted = false;
  private timer: { dispose(): void } | undefined;
  private restUntil = 0;

  constructor(
    private readonly ask: () => Promise<void>,
    private readonly now: () => number = () => performance.now(),
    private readonly later: (run: () => void, milliseconds: number) => { dispose(): void } = timeout,
  ) {}

  /** Something has changed. */
  want(): void {
    this.isWanted = true;
    // The quiet is counted from the first change, so that somebody who never stops typing sees the report move, too.
    if (!this.isAsking && !this.timer) this.wait(QUIET);
  }

  /** A person asks, or there is nothing to show yet. */
  wantNow(): void {
    this.isWanted = true;
    this.restUntil = 0;
    this.timer?.dispose();
    this.timer = undefined;
    if (!this.isAsking) void this.run();
  }

  /** Nobody looks any more. */
  stop(): void {
    this.isWanted = false;
    this.timer?.dispose();
    this.timer = undefined;
  }

  private wait(least: number): void {
    const milliseconds = Math.max(least, this.restUntil - this.now());
    this.timer = this.later(() => {
      this.timer = undefined;
      void this.run();
    }, milliseconds);
  }

  private async run(): Promise<void> {
    this.isAsking = true;
    this.isWanted = false;
    const began = this.now();
    try {
      await this.ask();
    } finally {
      this.isAsking = false;
      this.restUntil = this.now() + REST * (this.now() - began);
      if (this.isWanted && !this.timer) this.wait(QUIET);
    }
  }
}

function timeout(run: () => void, milliseconds: number): { dispose(): void } {
  const timer = setTimeout(run, milliseconds);
  return { dispose: () => clearTimeout(timer) };
}
