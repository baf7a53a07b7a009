// Status: what the analysis is doing, as one line for the client's status item, and as progress that can be cancelled.
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { counted } from '../report/plain-text';
import type { AnalysisEvent, IndexingState } from './analysis-channel';
import { type FileProgress, STATUS, type StatusParameters } from './messages';
import { type Session, unheard } from './session';

/** At most one message in so many milliseconds. */
const PAUSE = 100;
/** An analysis that takes no longer than this is not worth telling of. */
const PATIENCE = 500;
const NOTHING = 'Lockset: nothing to analyse';

type Result = Pick<StatusParameters, 'files' | 'findings' | 'milliseconds' | 'revision'> & { readonly message: string };
type Activity = Pick<StatusParameters, 'state' | 'reading' | 'stopped'> & { readonly message?: string };

export class Status {
  /** What the last analysis has given, and what is going on now. */
  private result: Result = { message: NOTHING, files: 0, findings: 0, milliseconds: 0, revision: 0 };
  private activity: Activity = { state: 'starting', message: 'Lockset is starting' };
  private stopped: FileProgress | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private long: ReturnType<typeof setTimeout> | undefined;
  private isIndexing = false;
  private progress: WorkDoneProgressServerReporter | undefined;
  /** Counts indexings, so that progress that is created late is not shown for one that has ended. */
  private round = 0;

  constructor(private readonly session: Session) {}

  /** The number of the last analysis. */
  get revision(): number {
    return this.result.revision;
  }

  onEvent(event: AnalysisEvent): void {
    if (event.kind === 'indexing') this.indexing(event);
    else if (event.kind === 'analysing') {
      if (!this.isIndexing) this.long ??= setTimeout(() => this.analysing(event.files), PATIENCE);
    } else if (event.kind === 'analysed') {
      const { files, findings, summary, milliseconds } = event;
      const message = files === 0 ? NOTHING : `Lockset: ${summary}`;
      this.result = { message, files, findings, milliseconds: Math.round(milliseconds), revision: this.result.revision + 1 };
      if (this.isIndexing) this.say(this.activity);
      else this.ready();
    } else if (event.kind === 'idle' && !this.isIndexing && this.activity.state !== 'ready') this.ready();
  }

  /** The analysis ended by itself. */
  lost(willRestart: boolean): void {
    this.endIndexing();
    this.stop();
    this.say(
      willRestart
        ? { state: 'starting', message: 'Lockset: the analysis is started again' }
        : { state: 'failed', message: 'Lockset: the analysis failed; the log says why' },
    );
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.long);
    this.timer = undefined;
    this.long = undefined;
  }

  private indexing({ state, done, total }: IndexingState): void {
    if (state === 'end' || state === 'stop') {
      this.stopped = state === 'stop' ? { done, total } : undefined;
      this.endIndexing();
      // Only now comes the analysis of what has been read, which tells when it has ended, or that there was nothing to do.
      return this.analysing(done);
    }
    if (state !== 'search' && !this.progress) void this.beginProgress();
    this.isIndexing = true;
    this.stopped = undefined;
    const text = `${done} of ${counted(total, 'file')}`;
    this.progress?.report((100 * done) / Math.max(1, total), text);
    this.say({ state: 'analysing', reading: { done, total }, message: state === 'search' ? 'Lockset: looking for files' : `Lockset: reading ${text}` });
  }

  private analysing(files: number): void {
    this.say({ state: 'analysing', message: `Lockset: analysing ${counted(files, 'file')}` });
  }

  private ready(): void {
    clearTimeout(this.long);
    this.long = undefined;
    this.say({ state: 'ready' });
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

  private endIndexing(): void {
    this.isIndexing = false;
    this.round++;
    this.progress?.done();
    this.progress = undefined;
  }

  private say(activity: Activity): void {
    this.activity = activity;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const parameters: StatusParameters = { ...this.result, ...this.activity, message: this.activity.message ?? this.result.message, stopped: this.stopped };
      unheard(this.session.connection.sendNotification(STATUS, parameters));
    }, PAUSE);
  }
}
