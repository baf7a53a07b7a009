// The language server's life: started, stopped, restarted after a crash a few times, and never with a popup.
import { type CancellationToken, EventEmitter, type LogOutputChannel } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient';
import { type InitializationOptions, STATUS, type StatusParameters } from '../server/lsp/messages';
import { clientOptions } from './client-options';
import { createErrorHandler } from './error-handler';

/** Makes a client that has not been started yet. */
export type CreateClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** One language server at a time. A client that failed cannot be started again, so each start makes a new one. */
export class ServerProcess {
  private client: BaseLanguageClient | undefined;
  /** Starts and stops happen one after the other, in the order they were asked for. */
  private queue: Promise<void> = Promise.resolve();
  private readonly started = new EventEmitter<void>();
  /** Fires after each successful start. */
  readonly onStarted = this.started.event;
  /** What the server last said about itself, or what has to be said of it. */
  status: StatusParameters = { state: 'starting', message: 'Lockset is starting', files: 0, findings: 0, milliseconds: 0, revision: 0 };
  private readonly statusChanged = new EventEmitter<StatusParameters>();
  readonly onStatus = this.statusChanged.event;

  constructor(
    private readonly create: CreateClient,
    private readonly extension: string,
    private readonly assets: string,
    private readonly log: LogOutputChannel,
  ) {}

  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.stopNow());
  }

  /** Stops it because the settings say so. */
  switchOff(): Promise<void> {
    return this.enqueue(async () => {
      await this.stopNow();
      this.say('off', 'Lockset is switched off by the setting lockset.enable');
    });
  }

  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  /** Sends a request; throws when no server runs, with a message that is fit to be shown. */
  async request<Result>(method: string, parameters?: object): Promise<Result> {
    await this.queue;
    if (!this.client?.isRunning()) throw new Error('The Lockset server is not running. "Lockset: Restart Language Server" starts it.');
    return this.client.sendRequest<Result>(method, parameters);
  }

  /** The same for what nobody waits for: undefined when no server runs, or when it could not answer, which it has logged. */
  async tryToRequest<Result>(method: string, parameters: object, token?: CancellationToken): Promise<Result | undefined> {
    await this.queue;
    if (!this.client?.isRunning()) return undefined;
    return this.client.sendRequest<Result>(method, parameters, token).catch(() => undefined);
  }

  /** Sends a notification; a server that does not run needs none. */
  async notify(method: string): Promise<void> {
    await this.queue;
    if (this.client?.isRunning()) await this.client.sendNotification(method, {});
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step);
    return this.queue;
  }

  private async startNow(): Promise<void> {
    if (this.client) return;
    this.say('starting', 'Lockset is starting');
    const initializationOptions: InitializationOptions = { assets: this.assets };
    const errorHandler = createErrorHandler((message) => this.say('failed', message));
    const client = this.create({ ...clientOptions(this.extension), outputChannel: this.log, initializationOptions, errorHandler });
    client.onNotification(STATUS, (status: StatusParameters) => {
      if (this.client === client) this.setStatus(status);
    });
    this.client = client;
    try {
      await client.start();
      this.started.fire();
    } catch (error) {
      this.log.error('The server did not start.', error instanceof Error ? error : String(error));
      this.say('failed', 'Lockset: the server did not start');
      this.client = undefined;
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      // In the middle of a restart after a crash the client cannot be stopped yet.
      if (client?.state === State.Starting) await client.start();
      await client?.dispose();
    } catch (error) {
      // A server that crashed cannot be shut down properly; it is gone all the same.
      this.log.warn('The server did not shut down properly.', error instanceof Error ? error : String(error));
    }
  }

  private say(state: StatusParameters['state'], message: string): void {
    this.setStatus({ state, message, files: 0, findings: 0, milliseconds: 0, revision: 0 });
  }

  private setStatus(status: StatusParameters): void {
    this.status = status;
    this.statusChanged.fire(status);
  }
}
