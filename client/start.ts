// What every kind of VS Code has in common: one server, one log, one status item, the commands and the views.
import { type ExtensionContext, type Uri, window, workspace } from 'vscode';
import type { StatusParameters } from '../server/lsp/messages';
import { handleCardLinks } from './card-links';
import { CardView } from './card-view';
import { isEnabled } from './client-options';
import { registerCommands } from './commands';
import { ExplanationView } from './explanation-view';
import { offerNotebookFixes } from './notebook-fixes';
import { ReportView } from './report-view';
import { type CreateClient, ServerProcess } from './server-process';
import { StatusItem } from './status-item';

/** The running extension, as `extension.ts` and the tests see it. */
export interface Lockset {
  /** Starts the server unless the settings forbid it. Never throws: a failure is logged and shown in the status item. */
  start(): Promise<void>;
  /** Stops the server; what shows in the editor goes away with the extension's context. */
  stop(): Promise<void>;
  /** What the server last said about itself. */
  readonly status: StatusParameters;
  /** The folder of the extension's log files. */
  readonly logFolder: Uri;
}

/** Sets up the extension; `assets` is where the server finds its .wasm files, `create` makes a client that is not started yet. */
export function startLockset(context: ExtensionContext, assets: string, create: CreateClient): Lockset {
  const log = window.createOutputChannel('Lockset', { log: true });
  const server = new ServerProcess(create, context.extension.id, assets, log);
  const status = new StatusItem(server);
  const cards = new CardView(context.extensionUri, server);
  const report = new ReportView({ extensionUri: context.extensionUri, server, showCard: (id) => cards.show(id) });
  const explanations = new ExplanationView(server);
  const follow = () => (isEnabled() ? server.start() : server.switchOff());
  const onSettings = workspace.onDidChangeConfiguration(async (event) => {
    if (event.affectsConfiguration('lockset.enable')) await follow();
  });
  context.subscriptions.push(
    log,
    status,
    report,
    cards,
    explanations,
    onSettings,
    handleCardLinks(cards),
    offerNotebookFixes(),
    registerCommands({ server, log, report, cards, explanations }),
  );
  return {
    start: follow,
    stop: () => server.stop(),
    get status() {
      return server.status;
    },
    logFolder: context.logUri,
  };
}
