// Push diagnostics, for clients that cannot pull: open documents get theirs whenever an analysis may have changed them.

import { toDiagnostics } from './protocol-diagnostics';
import type { Session } from './session';
import { unheard } from './session';

/** After a change of a document, in milliseconds. */
const DELAY = 100;

export class PushDiagnostics {
  private readonly waiting = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session) {}

  /** To be told of each change of a document, and of each analysis. */
  changed(files: Iterable<string>): void {
    for (const file of files) if (this.session.documents.get(file)) this.waiting.add(file);
    if (this.waiting.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), DELAY);
  }

  /** Documents that were closed show nothing any more. */
  closed(uris: readonly string[]): void {
    for (const uri of uris) unheard(this.session.connection.sendDiagnostics({ uri, diagnostics: [] }));
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    const files = [...this.waiting];
    this.waiting.clear();
    for (const file of files) void this.push(file);
  }

  private async push(file: string): Promise<void> {
    const { analysis, connection, documents, isOurs, results } = this.session;
    try {
      const findings = await analysis.ask('findings', { file });
      const document = documents.get(file);
      // Of a document that changed meanwhile the next push tells.
      if (!document || findings.versions[file] !== document.version) return;
      for (const uri of documents.urisOf(file)) {
        const result = toDiagnostics(uri, findings, (id, range) => documents.locate(id, range), isOurs);
        results.set(uri, result);
        const version = documents.isNotebook(file) ? undefined : document.version;
        unheard(connection.sendDiagnostics({ uri, version, diagnostics: result.items }));
      }
    } catch {
      // In the log already, or the server is shutting down.
    }
  }
}
