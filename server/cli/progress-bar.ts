// The progress bar of a long analysis, on a terminal's standard error.
import type { SingleBar } from 'cli-progress';

/** What takes no longer needs no bar. */
const PATIENCE = 300;
/** Columns beside the longest phase. */
const BAR = 20;

export class ProgressBar {
  private readonly since = Date.now();
  private loading: Promise<void> | undefined;
  private newBar: ((total: number) => SingleBar) | undefined;
  private bar: SingleBar | undefined;
  private phase = '';

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Shows a phase, with a bar where it is known how much there is to do; '' takes it away. */
  show(phase: string, done = 0, total = 0): void {
    this.loading ??= this.load();
    if (!this.newBar || phase === '' || Date.now() - this.since < PATIENCE) {
      if (phase === '') this.clear();
      return;
    }
    if (phase !== this.phase) this.clear();
    this.phase = phase;
    if (!this.bar) {
      this.bar = this.newBar(total);
      this.bar.start(total, done, { phase });
    } else this.bar.update(done);
  }

  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private async load(): Promise<void> {
    const { Format, SingleBar } = await import('cli-progress');
    this.newBar = (total) =>
      new SingleBar({
        stream: this.stream,
        clearOnComplete: true,
        barsize: BAR,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        // Whoever interrupts the run must find the terminal as it was; so nothing of it is changed, and lines are kept short.
        linewrap: true,
        hideCursor: false,
        format: (options, { progress, value, maxWidth }, { phase }: { phase: string }) => {
          const text = total > 0 ? `${Format.BarFormat(progress, options)} ${phase} ${value} of ${total}` : phase;
          return text.slice(0, maxWidth - 1);
        },
      });
  }
}
