// Pull diagnostics: answers for one document at a time, and telling the client to ask again after effects across files.
import {
  type CancellationToken,
  CancellationTokenSource,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { RequestCancelled } from './analysis-supervisor';
import { toDiagnostics } from './protocol-diagnostics';
import { type Session, unheard } from './session';

/** Effects across files are told once for a burst of changes, so many milliseconds after the last of them. */
const REFRESH_DELAY = 200;

export class PullDiagnostics {
  /** Requests under way, by file id: a newer one takes the place of an older one. */
  private readonly pending = new Map<string, { readonly supersede: () => void }>();
  private readonly outdated = new Set<string>();
  private refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session) {
    session.connection.languages.diagnostics.on((parameters, token) => this.answer(parameters, token));
  }

  /** To be told of each analysis: the files whose findings changed. */
  analysed(changed: readonly string[]): void {
    for (const file of changed) {
      // One that is being asked for gets its answer anyway.
      if (this.session.documents.get(file) && !this.pending.has(file)) this.outdated.add(file);
    }
    this.scheduleRefresh();
  }

  /** Everything is to be asked for again. */
  refreshAll(): void {
    for (const id of this.session.documents.ids) this.outdated.add(id);
    this.scheduleRefresh();
  }

  stop(): void {
    clearTimeout(this.refresh);
  }

  private scheduleRefresh(): void {
    if (this.outdated.size === 0 || !this.session.capabilities.workspace?.diagnostics?.refreshSupport) return;
    clearTimeout(this.refresh);
    this.refresh = setTimeout(() => {
      // What has been asked for in the meantime needs no refresh.
      if (this.outdated.size === 0) return;
      this.outdated.clear();
      unheard(this.session.connection.sendRequest(DiagnosticRefreshRequest.type));
    }, REFRESH_DELAY);
  }

  private async answer({ textDocument, previousResultId }: DocumentDiagnosticParams, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const { analysis, documents, results } = this.session;
    const id = documents.idOf(textDocument.uri);
    if (id === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const source = new CancellationTokenSource();
    const forwarding = token.onCancellationRequested(() => source.cancel());
    let isSuperseded = false;
    const entry = {
      supersede: () => {
        isSuperseded = true;
        source.cancel();
      },
    };
    this.pending.get(id)?.supersede();
    this.pending.set(id, entry);
    try {
      const result = toDiagnostics(await analysis.ask('findings', { file: id }, source.token), (file) => documents.uriOf(file));
      this.outdated.delete(id);
      if (documents.get(id)) results.set(id, result);
      if (previousResultId === result.id) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: result.id };
      return { kind: DocumentDiagnosticReportKind.Full, resultId: result.id, items: result.items };
    } catch (error) {
      // The newer request brings what there is to say, so the client need not ask a third time.
      if (isSuperseded) throw new ResponseError(LSPErrorCodes.ServerCancelled, 'asked again since', { retriggerRequest: false });
      if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      // The failure is in the log already; squiggles that are there stay.
      if (previousResultId !== undefined) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previousResultId };
      return { kind: DocumentDiagnosticReportKind.Full, items: results.get(id)?.items ?? [] };
    } finally {
      forwarding.dispose();
      source.dispose();
      if (this.pending.get(id) === entry) this.pending.delete(id);
    }
  }
}
