// Workspace diagnostics: one request that is held open, over which the findings of all files are streamed as they change.
import {
  type CancellationToken,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type ResultProgressReporter,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { FileFindings } from './analysis-channel';
import { toDiagnostics } from './protocol-diagnostics';
import type { Session } from './session';

/** Changes are collected for so many milliseconds. */
const DELAY = 300;
/** So many files in one message. */
const CHUNK = 100;

export class WorkspaceDiagnostics {
  private readonly streams = new Set<Stream>();

  constructor(private readonly session: Session) {
    session.connection.languages.diagnostics.onWorkspace((parameters, token, _work, partial) => this.answer(parameters, token, partial));
  }

  /** To be told of each analysis: the files whose findings changed. */
  analysed(changed: readonly string[]): void {
    for (const stream of this.streams) stream.add(changed);
  }

  /** Everything may have changed. */
  refreshAll(): void {
    for (const stream of this.streams) stream.addAll();
  }

  stop(): void {
    for (const stream of this.streams) stream.end();
  }

  private async answer(
    parameters: WorkspaceDiagnosticParams,
    token: CancellationToken,
    partial: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined,
  ): Promise<WorkspaceDiagnosticReport> {
    const stream = new Stream(this.session, parameters, token, (items) => partial?.report({ items }));
    if (!partial) return { items: await stream.current() };
    this.streams.add(stream);
    try {
      await stream.whole();
    } finally {
      this.streams.delete(stream);
    }
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    return { items: [] };
  }
}

class Stream {
  /** What the client has, by file id: the id of its last result. */
  private readonly sent = new Map<string, string>();
  private readonly changed = new Set<string>();
  private isAllChanged = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;
  private finish: () => void = () => undefined;

  constructor(
    private readonly session: Session,
    parameters: WorkspaceDiagnosticParams,
    private readonly token: CancellationToken,
    private readonly send: (items: WorkspaceDocumentDiagnosticReport[]) => void,
  ) {
    for (const { uri, value } of parameters.previousResultIds) {
      const id = session.documents.idOf(uri);
      if (id !== undefined) this.sent.set(id, value);
    }
  }

  /** Streams until the client cancels or the server ends. */
  whole(): Promise<void> {
    return new Promise((resolve) => {
      this.finish = resolve;
      this.token.onCancellationRequested(() => this.end());
      void this.flush();
    });
  }

  end(): void {
    clearTimeout(this.timer);
    this.finish();
  }

  add(files: readonly string[]): void {
    for (const file of files) this.changed.add(file);
    this.schedule();
  }

  addAll(): void {
    this.isAllChanged = true;
    this.schedule();
  }

  /** What differs from what the client has. */
  async current(): Promise<WorkspaceDocumentDiagnosticReport[]> {
    const files = this.isAllChanged ? undefined : [...this.changed];
    this.isAllChanged = false;
    this.changed.clear();
    const found = await this.session.analysis.ask('manyFindings', files ? { files } : {}, this.token);
    const all: FileFindings[] = [...found];
    if (!files) {
      const present = new Set(found.map(({ file }) => file));
      for (const file of this.sent.keys()) if (!present.has(file)) all.push({ file, findings: [], versions: {} });
    }
    return all.flatMap((findings) => this.reportOf(findings) ?? []);
  }

  private reportOf(findings: FileFindings): WorkspaceDocumentDiagnosticReport | undefined {
    const { documents, isOurs } = this.session;
    // A notebook is known while it is open, and then its cells are asked for one by one.
    if (documents.isNotebook(findings.file)) return undefined;
    const uri = documents.uriOf(findings.file);
    const result = toDiagnostics(uri, findings, (file, range) => documents.locate(file, range), isOurs);
    const before = this.sent.get(findings.file);
    if (before === result.id || (before === undefined && result.items.length === 0)) return undefined;
    if (result.items.length === 0) this.sent.delete(findings.file);
    else this.sent.set(findings.file, result.id);
    return {
      kind: DocumentDiagnosticReportKind.Full,
      uri,
      version: findings.versions[findings.file] ?? null,
      resultId: result.id,
      items: result.items,
    };
  }

  private schedule(): void {
    if (this.isAsking || (!this.isAllChanged && this.changed.size === 0)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), DELAY);
  }

  private async flush(): Promise<void> {
    if (this.isAsking || this.token.isCancellationRequested) return;
    this.isAsking = true;
    try {
      const items = await this.current();
      for (let at = 0; at < items.length && !this.token.isCancellationRequested; at += CHUNK) this.send(items.slice(at, at + CHUNK));
    } catch {
      // Cancelled, or the analysis is down: the next change, or its new start, asks again.
    } finally {
      this.isAsking = false;
    }
    this.schedule();
  }
}
