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

  /** A document that was closed shows nothing any more. */
  closed(uri: string): void {
    unheard(this.session.connection.sendDiagnostics({ uri, diagnostics: [] }));
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
    const { analysis, connection, documents, results } = this.session;
    try {
      const result = toDiagnostics(await analysis.ask('findings', { file }), (id) => documents.uriOf(id));
      const document = documents.get(file);
      // Of a document that changed meanwhile the next push tells.
      if (!document || result.versions[file] !== document.version) return;
      results.set(file, result);
      unheard(connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics: result.items }));
    } catch {
      // In the log already, or the server is shutting down.
    }
  }
}
