// Links to cards: the rule's id on a diagnostic leads to the rule's page, which opens in the editor.
import { type Diagnostic, type Disposable, env, Uri, window } from 'vscode';
import { type Middleware, vsdiag } from 'vscode-languageclient';
import type { CardView } from './card-view';

/** The address that opens a card; it works in this editor only, so that nothing is fetched from anywhere. */
function cardAddress(extension: string, id: string): Uri {
  return Uri.from({ scheme: env.uriScheme, authority: extension, path: `/card/${id}` });
}

/** Opens the cards that such addresses name. Anyone can make an address; the worst it can do is to show a card. */
export function handleCardLinks(cards: CardView): Disposable {
  return window.registerUriHandler({
    handleUri: async ({ path }) => {
      const id = /^\/card\/([\w.-]+)$/.exec(path)?.[1];
      if (id !== undefined) await cards.show(id).catch((error: unknown) => window.showWarningMessage(error instanceof Error ? error.message : String(error)));
    },
  });
}

/** Puts the link on every diagnostic that the server sends without one. `extension`: this extension's id. */
export function linkRules(extension: string): Middleware {
  const link = (diagnostics: readonly Diagnostic[]) => {
    for (const diagnostic of diagnostics) {
      const { code } = diagnostic;
      if (typeof code === 'string' && /^[\w.-]+$/.test(code)) diagnostic.code = { value: code, target: cardAddress(extension, code) };
    }
  };
  return {
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const report = await next(document, previousResultId, token);
      if (report?.kind === vsdiag.DocumentDiagnosticReportKind.full) link(report.items);
      return report;
    },
    provideWorkspaceDiagnostics: (resultIds, token, resultReporter, next) =>
      next(resultIds, token, (chunk) => {
        for (const report of chunk?.items ?? []) if (report.kind === vsdiag.DocumentDiagnosticReportKind.full) link(report.items);
        resultReporter(chunk);
      }),
  };
}
