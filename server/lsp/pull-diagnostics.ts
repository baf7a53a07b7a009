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
  /** Requests under way, by URI: a newer one takes the place of an older one. */
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
      for (const uri of this.shown(file)) if (!this.pending.has(uri)) this.outdated.add(uri);
    }
    this.scheduleRefresh();
  }

  /** Everything is to be asked for again. */
  refreshAll(): void {
    for (const id of this.session.documents.ids) for (const uri of this.shown(id)) this.outdated.add(uri);
    this.scheduleRefresh();
  }

  stop(): void {
    clearTimeout(this.refresh);
  }

  private shown(id: string): readonly string[] {
    return this.session.documents.get(id) ? this.session.documents.urisOf(id) : [];
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
    const uri = documents.shownAs(id, textDocument.uri);
    const source = new CancellationTokenSource();
    const forwarding = token.onCancellationRequested(() => source.cancel());
    let isSuperseded = false;
    const entry = {
      supersede: () => {
        isSuperseded = true;
        source.cancel();
      },
    };
    this.pending.get(uri)?.supersede();
    this.pending.set(uri, entry);
    try {
      const findings = await analysis.ask('findings', { file: id }, source.token);
      // Where its cells are now says nothing about findings of another version.
      if (documents.isNotebook(id) && findings.versions[id] !== documents.get(id)?.version)
        throw new ResponseError(LSPErrorCodes.ServerCancelled, 'the notebook has changed', { retriggerRequest: true });
      const result = toDiagnostics(uri, findings, (file, range) => documents.locate(file, range), this.session.isOurs);
      this.outdated.delete(uri);
      if (documents.get(id)) results.set(uri, result);
      if (previousResultId === result.id) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: result.id };
      return { kind: DocumentDiagnosticReportKind.Full, resultId: result.id, items: result.items };
    } catch (error) {
      // The newer request brings what there is to say, so the client need not ask a third time.
      if (isSuperseded) throw new ResponseError(LSPErrorCodes.ServerCancelled, 'asked again since', { retriggerRequest: false });
      if (error instanceof ResponseError) throw error;
      if (error instanceof RequestCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      // The failure is in the log already; squiggles that are there stay.
      if (previousResultId !== undefined) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previousResultId };
      return { kind: DocumentDiagnosticReportKind.Full, items: results.get(uri)?.items ?? [] };
    } finally {
      forwarding.dispose();
      source.dispose();
      if (this.pending.get(uri) === entry) this.pending.delete(uri);
    }
  }
}
