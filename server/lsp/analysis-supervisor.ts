// The protocol side of the analysis: sends requests, and starts the worker anew when it dies, without losing what was asked.
import type { AnalysisEvent, AnalysisMethod, AnalysisNotice, AnalysisRequests, FromAnalysis, SharedSignals, ToAnalysis } from './analysis-channel';

/** A running analysis, wherever it runs. */
export interface AnalysisWorker {
  readonly signals: SharedSignals;
  post(message: ToAnalysis): void;
  /** Ends it; `onEnd` is not called after that. */
  terminate(): void;
}

/** Starts a worker; `onEnd` is called once, with a reason for a person, when it ends by itself. */
export type StartWorker = (onMessage: (message: FromAnalysis) => void, onEnd: (reason: string) => void) => AnalysisWorker;

/** The request was cancelled by whoever asked. */
export class RequestCancelled extends Error {}
/** The analysis could not answer. */
export class AnalysisFailed extends Error {}

/** The token of the protocol library, as far as it is needed here. */
export interface Token {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

export interface SupervisorOptions {
  readonly start: StartWorker;
  /** What a new worker has to be told so that it knows what the one before knew; `excluded` are files not to read. */
  readonly rebuild: (excluded: readonly string[]) => readonly AnalysisNotice[];
  readonly onEvent: (event: AnalysisEvent) => void;
  /** Called when a worker ended; `willRestart` is false when it is given up. */
  readonly onLost: (willRestart: boolean) => void;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
  /** Milliseconds before the first restart; doubled each time. */
  readonly firstDelay?: number;
}

interface Asked {
  readonly method: AnalysisMethod;
  readonly parameters: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
  attempts: number;
}

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** After so many ends within `FORGIVEN_AFTER` milliseconds nothing is tried any more. */
const MOST_RESTARTS = 5;
const FORGIVEN_AFTER = 10 * 60_000;
/** Ticks that a message may go unnoticed before the worker is taken to hang; ticks stand still while a computer sleeps. */
const TICK = 5_000;
const MOST_TICKS = 24;

export class AnalysisSupervisor {
  private worker: AnalysisWorker | undefined;
  private readonly asked = new Map<number, Asked>();
  private lastId = 0;
  private ends: number[] = [];
  private restart: ReturnType<typeof setTimeout> | undefined;
  private readonly suspects = new Map<string, number>();
  private silentTicks = 0;
  private watch: ReturnType<typeof setInterval> | undefined;
  private isStopped = false;
  private isGivenUp = false;

  constructor(private readonly options: SupervisorOptions) {}

  /** Starts the worker and tells it everything. */
  start(): void {
    if (this.isStopped || this.worker) return;
    this.silentTicks = 0;
    const worker: AnalysisWorker = this.options.start(
      (message) => this.worker === worker && this.receive(message),
      (reason) => this.worker === worker && this.lost(reason),
    );
    this.worker = worker;
    this.watch ??= setInterval(() => this.tick(), TICK);
    for (const notice of this.options.rebuild(this.excluded())) this.send(notice);
    for (const [id, { method, parameters }] of this.asked) this.send({ kind: 'request', id, method, parameters });
  }

  /** Ends the worker for good; open requests are cancelled. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.restart);
    clearInterval(this.watch);
    this.worker?.terminate();
    this.worker = undefined;
    this.rejectAll(new RequestCancelled('the server shuts down'));
  }

  /** Tells the worker something; while there is none, `rebuild` will. */
  tell(notice: AnalysisNotice): void {
    if (this.worker) this.send(notice);
  }

  /** Asks; rejects with `RequestCancelled` as soon as the token is cancelled, or with `AnalysisFailed`. */
  ask<Method extends AnalysisMethod>(
    method: Method,
    parameters: AnalysisRequests[Method]['parameters'],
    token?: Token,
  ): Promise<AnalysisRequests[Method]['result']> {
    if (token?.isCancellationRequested) return Promise.reject(new RequestCancelled('cancelled'));
    if (this.isStopped || this.isGivenUp) return Promise.reject(new AnalysisFailed('the analysis does not run'));
    const id = ++this.lastId;
    return new Promise<unknown>((resolve, reject) => {
      const cancellation = token?.onCancellationRequested(() => {
        if (!this.asked.delete(id)) return;
        if (this.worker) this.send({ kind: 'cancel', id });
        cancellation?.dispose();
        reject(new RequestCancelled('cancelled'));
      });
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          cancellation?.dispose();
          then(value);
        };
      this.asked.set(id, { method, parameters, resolve: settle(resolve), reject: settle(reject), attempts: 0 });
      if (this.worker) this.send({ kind: 'request', id, method, parameters });
    }) as Promise<AnalysisRequests[Method]['result']>;
  }

  private send(message: ToAnalysis): void {
    this.worker?.signals.countPosted();
    this.worker?.post(message);
  }

  private receive(message: FromAnalysis): void {
    this.silentTicks = 0;
    switch (message.kind) {
      case 'response':
      case 'failure':
      case 'cancelled': {
        const asked = this.asked.get(message.id);
        if (!asked) return;
        this.asked.delete(message.id);
        if (message.kind === 'response') asked.resolve(message.result);
        else if (message.kind === 'cancelled') asked.reject(new RequestCancelled('cancelled'));
        else asked.reject(new AnalysisFailed(message.message));
        return;
      }
      case 'fatal':
        this.worker?.terminate();
        return this.lost(message.message);
      default:
        this.options.onEvent(message);
    }
  }

  private lost(reason: string): void {
    const file = this.worker?.signals.reading;
    this.worker = undefined;
    if (file !== undefined) this.suspects.set(file, (this.suspects.get(file) ?? 0) + 1);
    const now = Date.now();
    this.ends = [...this.ends.filter((end) => now - end < FORGIVEN_AFTER), now];
    for (const [id, asked] of this.asked) {
      // A question that was open twice when a worker died may be what kills it.
      if (++asked.attempts < 2) continue;
      this.asked.delete(id);
      asked.reject(new AnalysisFailed('the analysis ended while it worked on this'));
    }
    const where = file === undefined ? '' : ` while reading ${file}`;
    if (this.ends.length > MOST_RESTARTS) {
      this.isGivenUp = true;
      this.rejectAll(new AnalysisFailed('the analysis does not run'));
      this.options.log(
        'error',
        `The analysis ended${where} (${reason}). It ended ${this.ends.length} times in a short while and is not started again; restart the server to try once more.`,
      );
      this.options.onLost(false);
      return;
    }
    const delay = Math.min((this.options.firstDelay ?? FIRST_DELAY) * 2 ** (this.ends.length - 1), LONGEST_DELAY);
    this.options.log('error', `The analysis ended${where} (${reason}); it is started again.`);
    if (file !== undefined && this.suspects.get(file) === 2)
      this.options.log('warning', `${file} is left out from now on: the analysis ended twice while reading it.`);
    this.options.onLost(true);
    this.restart = setTimeout(() => this.start(), delay);
  }

  private excluded(): string[] {
    return [...this.suspects].filter(([, times]) => times >= 2).map(([file]) => file);
  }

  private rejectAll(reason: Error): void {
    for (const asked of this.asked.values()) asked.reject(reason);
    this.asked.clear();
  }

  /** Nothing heard for minutes while something is asked: the worker hangs. */
  private tick(): void {
    this.silentTicks = this.worker && this.asked.size > 0 ? this.silentTicks + 1 : 0;
    if (this.silentTicks < MOST_TICKS) return;
    this.worker?.terminate();
    this.lost('it did not answer for two minutes');
  }
}
