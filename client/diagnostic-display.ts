// What VS Code makes of a diagnostic: the rule's id becomes a link to the rule's page, and each sentence gets a line of its own.
import type { Diagnostic } from 'vscode';
import { type Middleware, vsdiag } from 'vscode-languageclient';
import { cardAddress } from './card-links';

/** Takes the server's diagnostics on their way to the editor. `extension`: this extension's id. */
export function displayDiagnostics(extension: string): Middleware {
  const display = (diagnostics: readonly Diagnostic[]) => {
    for (const diagnostic of diagnostics) {
      const { code } = diagnostic;
      if (typeof code === 'string' && /^[\w.-]+$/.test(code)) diagnostic.code = { value: code, target: cardAddress(extension, code) };
      diagnostic.message = breakSentences(diagnostic.message);
    }
  };
  return {
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const report = await next(document, previousResultId, token);
      if (report?.kind === vsdiag.DocumentDiagnosticReportKind.full) display(report.items);
      return report;
    },
    provideWorkspaceDiagnostics: (resultIds, token, resultReporter, next) =>
      next(resultIds, token, (chunk) => {
        for (const report of chunk?.items ?? []) if (report.kind === vsdiag.DocumentDiagnosticReportKind.full) display(report.items);
        resultReporter(chunk);
      }),
  };
}

/**
 * VS Code breaks the lines of a message only where it is told to, and shows the first line alone in narrow places: that holds the
 * first clause, up to a colon but more than a label such as "Deadlock:". Each later sentence has a line of its own.
 */
export function breakSentences(message: string): string {
  const sentences = message.replace(/\. (?=\p{Lu})/gu, '.\n');
  return sentences.replace(/^([^\n]{25,}?:) /, '$1\n');
}
