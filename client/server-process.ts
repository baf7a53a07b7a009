// The language server's life: started, stopped, restarted after a crash a few times, and never with a popup.
import { EventEmitter, type LogOutputChannel } from 'vscode';
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

  constructor(
    private readonly create: CreateClient,
    private readonly extension: string,
    private readonly assets: string,
    private readonly log: LogOutputChannel,
    private readonly onStatus: (parameters: StatusParameters) => void,
  ) {}

  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.stopNow());
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
    client.onNotification(STATUS, this.onStatus);
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
    this.onStatus({ state, message, files: 0, findings: 0, milliseconds: 0 });
  }
}
