// The language server, wherever it runs: what it offers, and how its parts are put together.
import { type ClientCapabilities, type Connection, type InitializeParams, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver';
import { AnalysisSupervisor, type StartWorker } from './analysis-supervisor';
import { askForSettings, followSettings } from './client-settings';
import { CODE_ACTION_KINDS, offerCodeActions } from './code-actions';
import type { InitializationOptions } from './messages';
import { OpenDocuments } from './open-documents';
import { NOTEBOOK_SYNC } from './open-notebooks';
import type { DiagnosticResult } from './protocol-diagnostics';
import { PullDiagnostics } from './pull-diagnostics';
import { PushDiagnostics } from './push-diagnostics';
import { answerQuestions } from './questions';
import type { Log, Session } from './session';
import { Status } from './status';
import { VERSION } from './version';
import { Folders, watchFiles } from './watching';
import { WorkspaceDiagnostics } from './workspace-diagnostics';

export interface Platform {
  readonly startWorker: StartWorker;
  /** Where the .wasm files are when the client does not say. */
  readonly defaultAssets: string;
  /** Milliseconds before a worker that died is started again. */
  readonly restartDelay?: number;
  /** Told when the client has asked for the orderly end. */
  readonly onShutdown?: () => void;
}

/** Serves one connection; the caller makes it listen. */
export function serve(connection: Connection, platform: Platform): void {
  let running: Running | undefined;
  connection.onInitialize((parameters): InitializeResult => {
    running = new Running(connection, parameters, platform);
    return {
      serverInfo: { name: 'Lockset', version: VERSION },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        notebookDocumentSync: NOTEBOOK_SYNC,
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: CODE_ACTION_KINDS, resolveProvider: true },
        ...(canPull(parameters.capabilities) ? { diagnosticProvider: { identifier: 'lockset', interFileDependencies: true, workspaceDiagnostics: true } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });
  connection.onInitialized(() => void running?.start());
  connection.onShutdown(() => {
    running?.stop();
    platform.onShutdown?.();
  });
}

function canPull(capabilities: ClientCapabilities): boolean {
  return capabilities.textDocument?.diagnostic !== undefined;
}

/** One client, from `initialize` to `shutdown`. */
class Running {
  private readonly session: Session;
  private readonly analysis: AnalysisSupervisor;
  private readonly folders: Folders;
  private readonly status: Status;
  private readonly pull: PullDiagnostics;
  private readonly workspace: WorkspaceDiagnostics;
  private readonly push: PushDiagnostics | undefined;
  private settings: unknown;

  constructor(connection: Connection, parameters: InitializeParams, platform: Platform) {
    const log: Log = (level, message) =>
      level === 'error' ? connection.console.error(message) : level === 'warning' ? connection.console.warn(message) : connection.console.info(message);
    const given = assetsOf(parameters.initializationOptions);
    const assets = given ?? platform.defaultAssets;
    // Only our own client says where the files are; others do not have its commands.
    const isOurs = given !== undefined;
    this.folders = new Folders(foldersOf(parameters));
    this.analysis = new AnalysisSupervisor({
      start: platform.startWorker,
      firstDelay: platform.restartDelay,
      log,
      onEvent: (event) => {
        this.status.onEvent(event);
        if (event.kind === 'log') log(event.level, event.message);
        if (event.kind === 'analysed') this.analysed(event.changed);
      },
      onLost: (willRestart) => this.status.lost(willRestart),
      rebuild: (excluded) => [
        { kind: 'start', assets, folders: this.folders.ids, settings: this.settings, excluded, withCommands: isOurs },
        ...documents.notices(),
      ],
    });
    const documents = new OpenDocuments(
      connection,
      (notice) => this.analysis.tell(notice),
      (id) => this.push?.changed([id]),
      (_id, uris) => {
        for (const uri of uris) this.session.results.delete(uri);
        this.push?.closed(uris);
      },
    );
    const { capabilities } = parameters;
    const results = new Map<string, DiagnosticResult>();
    this.session = { connection, capabilities, isOurs, analysis: this.analysis, documents, folders: this.folders, results, log };
    this.status = new Status(this.session);
    this.pull = new PullDiagnostics(this.session);
    this.workspace = new WorkspaceDiagnostics(this.session);
    this.push = canPull(parameters.capabilities) ? undefined : new PushDiagnostics(this.session);
    offerCodeActions(this.session);
    answerQuestions(this.session, () => this.status.revision);
  }

  async start(): Promise<void> {
    this.folders.follow(this.session);
    watchFiles(this.session);
    followSettings(this.session, (settings) => {
      if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
      this.settings = settings;
      this.analysis.tell({ kind: 'settings', settings });
    });
    this.settings = await askForSettings(this.session);
    this.analysis.start();
  }

  stop(): void {
    this.analysis.stop();
    this.status.stop();
    this.pull.stop();
    this.workspace.stop();
    this.push?.stop();
  }

  private analysed(changed: readonly string[]): void {
    this.pull.analysed(changed);
    this.workspace.analysed(changed);
    this.push?.changed(changed);
  }
}

/** Whatever a client sends: only a string that is not empty counts. */
function assetsOf(options: unknown): string | undefined {
  const assets = (options as Partial<InitializationOptions> | null | undefined)?.assets;
  return typeof assets === 'string' && assets !== '' ? assets : undefined;
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): { readonly uri: string }[] {
  if (Array.isArray(workspaceFolders)) return workspaceFolders.filter((folder) => typeof folder?.uri === 'string');
  return typeof rootUri === 'string' ? [{ uri: rootUri }] : [];
}
