// The analysis side: takes messages in, keeps the workspace up to date, answers requests, and works in the background meanwhile.
import type { FrontEnd } from '../lower/front-end';
import type { Library } from '../model/library';
import type { Language } from '../model/module';
import { severitySummary } from '../report/plain-text';
import { languageOf } from '../workspace/languages';
import { Cancelled, type FileChange, type Snapshot, type Workspace } from '../workspace/snapshot';
import type { AnalysisEvent, AnalysisMethod, AnalysisNotice, FromAnalysis, Port, SharedSignals, ToAnalysis } from './analysis-channel';
import { reported } from './answer-context';
import type { Engine, Surroundings } from './engine';
import { FrontEnds, TornParser } from './front-ends';
import { answerQuestion, needsAnalysis } from './host-answers';
import { HostConfiguration, readEditorSettings } from './host-configuration';
import { readHoverSettings } from './hover-settings';
import { WorkspaceFiles } from './workspace-files';

interface Asked {
  readonly id: number;
  readonly method: AnalysisMethod;
  readonly parameters: unknown;
}

/** How long background work goes on before messages get a turn, in milliseconds. */
const SLICE = 20;
/** For so long after the start, questions about open files wait for the first indexing, so that the first answer is the full one. */
const PATIENCE = 1000;

/** Serves one protocol side over `port` until the worker ends. */
export class AnalysisHost {
  private readonly queue: Asked[] = [];
  private readonly files: WorkspaceFiles;
  private workspace: Workspace;
  private library: Library;
  /** Library models of the users' own that `library` has, as JSON. */
  private models = '[]';
  /** The last change of each file, for a workspace that has to be made anew. */
  private readonly current = new Map<string, FileChange>();
  private readonly provided: FrontEnd[] = [];
  private withCommands = false;
  private assets = '';
  private frontEnds: FrontEnds | undefined;
  private configuration: HostConfiguration;
  private folders: readonly string[] = [];
  private settings: unknown;
  private received = 0;
  private isRunning = false;
  private snapshot: Snapshot | undefined;
  private hasChanges = true;
  /** Files whose language and configuration have to be seen to before the next analysis. */
  private readonly unprepared = new Set<string>();
  /** What the last analysis threw. Another change may mend it; trying again without one would not. */
  private failure: { readonly error: unknown } | undefined;
  private readonly toldFailures = new Set<string>();
  private sliceEnd = 0;
  /** Grows with each interruption, so that work in indivisible pieces gets done where interruptions are by time. */
  private slice = SLICE;
  private impatientAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly port: Port<FromAnalysis, ToAnalysis>,
    private readonly engine: Engine,
    private readonly surroundings: Surroundings,
    private readonly signals: SharedSignals,
  ) {
    this.configuration = this.newConfiguration();
    this.library = engine.createLibrary([], () => undefined);
    this.workspace = engine.createWorkspace(this.library, this.configuration.combined);
    this.files = new WorkspaceFiles(surroundings.files, {
      change: (changes) => this.change(changes),
      frontEnd: (language) => this.frontEnd(language),
      configure: (file) => this.configure(file),
      isExcluded: (path) => this.configuration.isExcluded(path),
      wantsExempt: async (file) => {
        await this.configure(file);
        return this.configuration.configurationOf(file).reportExempt;
      },
      shouldPause: () => this.isInterrupted() || performance.now() > this.sliceEnd,
      indexing: (state, done, total) => this.tell({ kind: 'indexing', state, done, total }),
      log: (level, message) => this.tell({ kind: 'log', level, message }),
    });
    port.onMessage((message) => this.receive(message));
  }

  private receive(message: ToAnalysis): void {
    this.received++;
    if (message.kind === 'request') this.queue.push(message);
    else if (message.kind === 'cancel') this.cancel(message.id);
    else this.take(message);
    void this.run();
  }

  private take(notice: AnalysisNotice): void {
    switch (notice.kind) {
      case 'start':
        this.settings = notice.settings;
        this.withCommands = notice.withCommands;
        this.assets = notice.assets;
        this.impatientAt = performance.now() + PATIENCE;
        this.frontEnds = new FrontEnds(
          this.engine,
          notice.assets,
          this.signals,
          new Set(notice.excluded),
          (frontEnd) => this.provide(frontEnd),
          (language, reason) =>
            this.tell({
              kind: 'log',
              level: 'error',
              message: `${language === 'python' ? 'Python' : 'TypeScript and JavaScript'} cannot be analysed: ${reason}`,
            }),
        );
        return this.setFolders(notice.folders);
      case 'open':
        return this.files.openOrChange(notice.file, notice.version, notice.text);
      case 'close':
        return this.files.close(notice.file);
      case 'watched':
        if ([...notice.changed, ...notice.deleted].some((file) => /\/(?:lockset|pyproject)\.toml$/.test(file) || this.configuration.known.has(file)))
          this.reconfigure();
        return this.files.watched(notice.changed, notice.deleted);
      case 'folders':
        return this.setFolders(notice.folders);
      case 'settings':
        this.settings = notice.settings;
        return this.reconfigure();
      case 'stop-indexing':
        return this.files.stopIndexing();
      case 'index':
        return this.files.reindex();
    }
  }

  private setFolders(folders: readonly string[]): void {
    this.folders = folders;
    this.reconfigure();
  }

  private newConfiguration(): HostConfiguration {
    return new HostConfiguration(this.surroundings.files, readEditorSettings(this.settings), this.folders, (problem) =>
      this.tell({ kind: 'log', level: 'warning', message: `${problem.file}:${problem.line + 1}: ${problem.message}` }),
    );
  }

  /** Settings decide on what is found, too, so the folders are walked again; files that are known are not read again. */
  private reconfigure(): void {
    this.configuration = this.newConfiguration();
    this.applyConfiguration();
    for (const file of this.current.keys()) this.unprepared.add(file);
    this.files.setFolders(this.folders);
  }

  private change(changes: readonly FileChange[]): void {
    if (changes.length === 0) return;
    for (const change of changes) {
      if (change.text === undefined) this.current.delete(change.file);
      else {
        this.unprepared.add(change.file);
        this.current.set(change.file, change);
      }
    }
    this.workspace.change(changes);
    this.outdate();
  }

  private outdate(): void {
    this.hasChanges = true;
    this.failure = undefined;
  }

  /** Settings are changed in place; other library models need a new workspace, which keeps the models of files. */
  private applyConfiguration(): void {
    const { combined, models } = this.configuration;
    this.outdate();
    const wanted = JSON.stringify(models);
    if (wanted === this.models) return this.workspace.configure(combined);
    this.models = wanted;
    this.library = this.engine.createLibrary(models, (file, message) => this.tell({ kind: 'log', level: 'warning', message: `${file}: ${message}` }));
    this.workspace = this.engine.createWorkspace(this.library, combined);
    for (const frontEnd of this.provided) this.workspace.provide(frontEnd);
    this.workspace.change([...this.current.values()]);
  }

  private frontEnd(language: Language): Promise<FrontEnd | undefined> {
    return this.frontEnds?.load(language) ?? Promise.resolve(undefined);
  }

  private provide(frontEnd: FrontEnd): void {
    this.provided.push(frontEnd);
    this.workspace.provide(frontEnd);
    this.outdate();
  }

  private async configure(file: string): Promise<void> {
    if (await this.configuration.include(file)) this.applyConfiguration();
  }

  /** One loop at a time: requests first, background work where there are none, messages in between. */
  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let goesOn = true; goesOn; ) {
        await this.surroundings.letMessagesIn();
        this.sliceEnd = performance.now() + SLICE;
        try {
          goesOn = await this.step();
        } catch (error) {
          if (isBroken(error)) return this.post({ kind: 'fatal', message: error instanceof Error ? error.message : String(error) });
          this.tellFailure(error);
        }
      }
    } finally {
      this.isRunning = false;
    }
  }

  private async step(): Promise<boolean> {
    const asked = this.queue.find((candidate) => !this.hasToWait(candidate));
    if (asked) {
      await this.serve(asked);
      return true;
    }
    if (!this.frontEnds) return false;
    if (await this.files.step()) return true;
    if (!this.hasChanges || this.failure) {
      this.tell({ kind: 'idle' });
      return false;
    }
    try {
      await this.upToDate();
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
    return true;
  }

  private hasToWait({ method, parameters }: Asked): boolean {
    if (!this.files.isIndexing || isSoFar(parameters)) return false;
    return method === 'manyFindings' || method === 'report' || method === 'exportReport' || (method === 'findings' && performance.now() < this.impatientAt);
  }

  private async serve(asked: Asked): Promise<void> {
    let answer: FromAnalysis;
    try {
      const { file } = asked.parameters as { readonly file?: string };
      if (file !== undefined) await this.files.freshen(file);
      if (isSoFar(asked.parameters)) this.files.handOver();
      const snapshot = needsAnalysis(asked.method, asked.parameters) ? await this.upToDate() : undefined;
      const { engine, assets, library, configuration, files, folders, withCommands, workspace } = this;
      const hoverKinds = readHoverSettings(this.settings);
      const cancellation = { isCancelled: () => this.isInterrupted() };
      const context = { engine, assets, library, configuration, files, folders, withCommands, hoverKinds, workspace, cancellation };
      const result = await answerQuestion(context, asked.method, asked.parameters, snapshot);
      answer = { kind: 'response', id: asked.id, result };
    } catch (error) {
      // Interrupted by a message, which is taken in before the next try; it may be the one that cancels this request.
      if (error instanceof Cancelled) return;
      if (isBroken(error)) throw error;
      this.tellFailure(error);
      answer = { kind: 'failure', id: asked.id, message: describe(error) };
    }
    if (this.remove(asked.id)) this.post(answer);
  }

  private cancel(id: number): void {
    if (this.remove(id)) this.post({ kind: 'cancelled', id });
  }

  private remove(id: number): boolean {
    const at = this.queue.findIndex((candidate) => candidate.id === id);
    if (at >= 0) this.queue.splice(at, 1);
    return at >= 0;
  }

  /** Brings the analysis up to date; throws `Cancelled` when a message came in meanwhile. */
  private async upToDate(): Promise<Snapshot> {
    for (const file of this.unprepared) {
      const language = languageOf(file);
      if (language) await this.frontEnd(language);
      await this.configure(file);
      this.unprepared.delete(file);
    }
    if (this.failure) throw this.failure.error;
    if (this.snapshot && !this.hasChanges) return this.snapshot;
    const began = performance.now();
    const sliceEnd = began + this.slice;
    this.tell({ kind: 'analysing', files: this.current.size });
    let snapshot: Snapshot;
    try {
      snapshot = this.workspace.analyse({ isCancelled: () => this.isInterrupted() || (!this.signals.isShared && performance.now() > sliceEnd) });
    } catch (error) {
      if (error instanceof Cancelled) this.slice = Math.min(this.slice * 2, 10_000);
      else this.failure = { error };
      throw error;
    }
    this.slice = SLICE;
    this.snapshot = snapshot;
    this.hasChanges = false;
    const findings = reported({ engine: this.engine, configuration: this.configuration }, snapshot.findings(), snapshot);
    this.tell({
      kind: 'analysed',
      changed: snapshot.changedFiles,
      files: snapshot.files.length,
      findings: findings.length,
      summary: severitySummary(findings),
      milliseconds: performance.now() - began,
    });
    return snapshot;
  }

  /** Whether messages have been sent that were not taken in yet. Always false where memory is not shared. */
  private isInterrupted(): boolean {
    return this.signals.isShared && this.signals.postedCount > this.received;
  }

  /** The same failure may come with every key that is pressed. */
  private tellFailure(error: unknown): void {
    const message = describe(error);
    const [kind] = message.split('\n', 1);
    if (this.toldFailures.has(kind) || this.toldFailures.size > 50) return;
    this.toldFailures.add(kind);
    this.tell({ kind: 'log', level: 'error', message: `The analysis failed: ${message}` });
  }

  private tell(event: AnalysisEvent): void {
    this.post(event);
  }

  private post(message: FromAnalysis): void {
    this.port.post(message);
  }
}

/** Whether a question is about what has been read so far, not about all there is. */
function isSoFar(parameters: unknown): boolean {
  return (parameters as { readonly soFar?: boolean }).soFar === true;
}

/** Whether the analysis cannot go on in this thread. */
function isBroken(error: unknown): boolean {
  if (error instanceof TornParser) return true;
  if (typeof WebAssembly !== 'undefined' && error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && error.message.startsWith('Aborted(');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
