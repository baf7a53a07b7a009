// Status: what the analysis is doing, as one line for the client's status item, and as progress that can be cancelled.
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { AnalysisEvent } from './analysis-channel';
import { STATUS, type StatusParameters } from './messages';
import { type Session, unheard } from './session';

/** At most one message in so many milliseconds. */
const PAUSE = 100;

export class Status {
  private last: StatusParameters = { state: 'starting', message: 'Lockset is starting', files: 0, findings: 0, milliseconds: 0 };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isIndexing = false;
  private progress: WorkDoneProgressServerReporter | undefined;
  /** Counts indexings, so that progress that is created late is not shown for one that has ended. */
  private round = 0;

  constructor(private readonly session: Session) {}

  onEvent(event: AnalysisEvent): void {
    if (event.kind === 'analysed') {
      const { files, findings, milliseconds } = event;
      this.say({
        state: this.isIndexing ? 'analysing' : 'ready',
        message: `Lockset: ${count(findings, 'finding')} in ${count(files, 'file')}`,
        files,
        findings,
        milliseconds,
      });
    } else if (event.kind === 'indexing') this.indexing(event.state, event.done, event.total);
  }

  /** The analysis ended by itself. */
  lost(willRestart: boolean): void {
    this.endProgress();
    this.isIndexing = false;
    this.say({
      ...this.last,
      state: willRestart ? 'starting' : 'failed',
      message: willRestart ? 'Lockset: the analysis is started again' : 'Lockset: the analysis failed; the log says why',
    });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private indexing(state: 'begin' | 'report' | 'end', done: number, total: number): void {
    if (state === 'end') {
      this.isIndexing = false;
      this.endProgress();
      this.say({ ...this.last, state: 'ready' });
      return;
    }
    if (!this.isIndexing) void this.beginProgress();
    this.isIndexing = true;
    const text = `${done} of ${count(total, 'file')}`;
    this.progress?.report((100 * done) / Math.max(1, total), text);
    this.say({ ...this.last, state: 'analysing', message: `Lockset: reading ${text}` });
  }

  private async beginProgress(): Promise<void> {
    const round = ++this.round;
    try {
      const progress = await this.session.connection.window.createWorkDoneProgress();
      if (round !== this.round || !this.isIndexing) return;
      progress.begin('Lockset: reading files', 0, undefined, true);
      progress.token.onCancellationRequested(() => this.session.analysis.tell({ kind: 'stop-indexing' }));
      this.progress = progress;
    } catch {
      // A client without progress, or one that is gone.
    }
  }

  private endProgress(): void {
    this.round++;
    this.progress?.done();
    this.progress = undefined;
  }

  private say(parameters: StatusParameters): void {
    this.last = { ...parameters, milliseconds: Math.round(parameters.milliseconds) };
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      unheard(this.session.connection.sendNotification(STATUS, this.last));
    }, PAUSE);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
