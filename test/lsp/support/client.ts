// A language client for tests: starts a server process and speaks to it over standard input and output.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import {
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type InitializeResult,
  LogMessageNotification,
  type ProgressToken,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
  WorkDoneProgress,
  WorkDoneProgressCreateRequest,
} from 'vscode-languageserver/node';
import { STATUS, type StatusParameters } from '../../../server/lsp/messages';

export interface ClientOptions {
  readonly folders?: readonly string[];
  readonly settings?: unknown;
  readonly capabilities?: object;
  readonly initializationOptions?: unknown;
  readonly arguments?: readonly string[];
  /** The process whose end ends the server; this one by default. */
  readonly processId?: number;
}

const PULLING = { textDocument: { diagnostic: {} } };

export class TestClient {
  readonly process: ChildProcessWithoutNullStreams;
  readonly connection: ProtocolConnection;
  readonly logs: string[] = [];
  readonly statuses: StatusParameters[] = [];
  readonly registrations: string[] = [];
  readonly progress: { token: ProgressToken; kind: string; title?: string; cancellable?: boolean }[] = [];
  readonly published = new Map<string, { version?: number; diagnostics: Diagnostic[] }>();
  refreshes = 0;
  settings: unknown;
  /** Exit status or signal, once it has ended. */
  readonly ended: Promise<number | string | null>;
  private readonly versions = new Map<string, number>();
  private changed: () => void = () => undefined;
  stderr = '';

  constructor(
    script: string,
    private readonly options: ClientOptions = {},
  ) {
    this.settings = options.settings ?? null;
    this.process = spawn(process.execPath, [script, ...(options.arguments ?? ['--stdio'])], { stdio: 'pipe' });
    this.process.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve(code ?? signal)));
    this.connection = createProtocolConnection(new StreamMessageReader(this.process.stdout), new StreamMessageWriter(this.process.stdin), {
      error: () => undefined,
      warn: () => undefined,
      info: () => undefined,
      log: () => undefined,
    });
    const { connection } = this;
    connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings));
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => void this.registrations.push(...registrations.map(({ method }) => method)));
    connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
      connection.onProgress(WorkDoneProgress.type, token, (value) => this.note(() => this.progress.push({ token, ...value })));
    });
    connection.onRequest(DiagnosticRefreshRequest.type, () => this.note(() => this.refreshes++));
    connection.onNotification(LogMessageNotification.type, ({ message }) => this.note(() => this.logs.push(message)));
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, ...rest }) => this.note(() => this.published.set(uri, rest)));
    connection.onNotification(STATUS, (parameters: StatusParameters) => this.note(() => this.statuses.push(parameters)));
    connection.onUnhandledNotification(() => undefined);
    connection.onError(() => undefined);
    connection.listen();
  }

  async initialize(): Promise<InitializeResult> {
    const { folders = [], capabilities = PULLING, initializationOptions } = this.options;
    const parameters: InitializeParams = {
      processId: this.options.processId ?? process.pid,
      rootUri: null,
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      initializationOptions,
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
          workspaceEdit: { documentChanges: true },
        },
        window: { workDoneProgress: true },
        ...capabilities,
      },
    };
    const result = await this.connection.sendRequest<InitializeResult>('initialize', parameters);
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  open(uri: string, text: string, languageId = 'python'): Promise<void> {
    this.versions.set(uri, 1);
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Replaces a range, or the whole text. */
  change(uri: string, text: string, range?: Range): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    const change: TextDocumentContentChangeEvent = range ? { range, text } : { text };
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [change] });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  }

  /** The diagnostics of a full answer. */
  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const report = await this.pull(uri);
    if (report.kind !== 'full') throw new Error('expected a full report');
    return report.items;
  }

  /** Waits until something that the server sends makes `isSo` true. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.changed = resolve));
  }

  async shutdown(): Promise<number | string | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return this.ended;
  }

  /** For the end of a test, whatever state the server is in. */
  async dispose(): Promise<void> {
    this.connection.dispose();
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    await this.ended;
  }

  private note(take: () => unknown): void {
    take();
    this.changed();
  }
}
